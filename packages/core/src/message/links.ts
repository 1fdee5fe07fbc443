/** How many links a span has: OpenTelemetry's SDKs keep 128, and count the rest as dropped. */
export const MAX_LINKS = 128
