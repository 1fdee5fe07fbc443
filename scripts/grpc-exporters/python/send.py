"""Sends one span and one log line over OTLP/gRPC, as the variables of OpenTelemetry say."""

import logging

from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

spans = TracerProvider()
spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
spans.get_tracer("exporters").start_span("sent by python").end()
spans.shutdown()

lines = LoggerProvider()
lines.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
logger = logging.getLogger("exporters")
logger.addHandler(LoggingHandler(logger_provider=lines))
logger.warning("said by python")
lines.shutdown()
