// Sends one span and one log line over OTLP/gRPC, as the variables of OpenTelemetry say.
package main

import (
	"context"
	"log"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	otellog "go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/trace"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	ctx := context.Background()
	spans, err := otlptracegrpc.New(ctx)
	must(err)
	provider := trace.NewTracerProvider(trace.WithBatcher(spans))
	_, span := provider.Tracer("exporters").Start(ctx, "sent by go")
	span.End()
	must(provider.ForceFlush(ctx))
	must(provider.Shutdown(ctx))

	lines, err := otlploggrpc.New(ctx)
	must(err)
	logs := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(lines)))
	var record otellog.Record
	record.SetBody(attribute.StringValue("said by go"))
	logs.Logger("exporters").Emit(ctx, record)
	must(logs.ForceFlush(ctx))
	must(logs.Shutdown(ctx))
}
