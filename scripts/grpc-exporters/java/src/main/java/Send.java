import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.concurrent.TimeUnit;

/** Sends one span and one log line over OTLP/gRPC, as the variables of OpenTelemetry say. */
public final class Send {
  public static void main(String[] args) {
    OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder().disableShutdownHook().build().getOpenTelemetrySdk();
    sdk.getTracer("exporters").spanBuilder("sent by java").startSpan().end();
    sdk.getLogsBridge().get("exporters").logRecordBuilder().setBody("said by java").emit();
    sdk.shutdown().join(30, TimeUnit.SECONDS);
  }
}
