package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.GetTelemetrySubscriptionsRequest;
import dev.kafkaboot.protocol.message.GetTelemetrySubscriptionsResponse;
import dev.kafkaboot.protocol.message.PushTelemetryRequest;
import dev.kafkaboot.protocol.message.PushTelemetryResponse;
import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.record.compress.Decompressor;
import dev.kafkaboot.record.compress.PlainSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** GetTelemetrySubscriptions and PushTelemetry (KIP-714). */
final class TelemetryApis {

    private static final int MOST_PLAIN_BYTES = 64 * 1024 * 1024;

    private final FakeKafka cluster;

    private TelemetryApis(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        TelemetryApis own = new TelemetryApis(cluster);
        apis.add(new Api<>(GetTelemetrySubscriptionsRequest::new, own::subscriptions,
                (request, version, error) -> new GetTelemetrySubscriptionsResponse().errorCode(error.code())));
        apis.add(new Api<>(PushTelemetryRequest::new, own::push, (request, version, error) -> new PushTelemetryResponse().errorCode(error.code())));
    }

    private void subscriptions(Exchange<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse> exchange) {
        FakeTelemetry telemetry = cluster.telemetry();
        Uuid known = exchange.request().clientInstanceId();
        Uuid id = known.equals(Uuid.ZERO) ? cluster.newUuid() : known;
        FakeTelemetry.Wanted wanted = telemetry.wantedOf(exchange, id);
        if (!telemetry.instance(exchange, id).mayAsk(cluster.nowNanos(), wanted.intervalMillis())) {
            exchange.reply(new GetTelemetrySubscriptionsResponse().errorCode(ErrorCode.THROTTLING_QUOTA_EXCEEDED.code()));
            return;
        }
        exchange.reply(new GetTelemetrySubscriptionsResponse()
                .clientInstanceId(id)
                .subscriptionId(wanted.id())
                .acceptedCompressionTypes(telemetry.compressionTypes())
                .pushIntervalMs(wanted.intervalMillis())
                .telemetryMaxBytes(telemetry.maxBytes())
                .deltaTemporality(telemetry.deltaTemporality())
                .requestedMetrics(wanted.metrics()));
    }

    private void push(Exchange<PushTelemetryRequest, PushTelemetryResponse> exchange) {
        exchange.reply(new PushTelemetryResponse().errorCode(take(exchange).code()));
    }

    private ErrorCode take(Exchange<PushTelemetryRequest, PushTelemetryResponse> exchange) {
        FakeTelemetry telemetry = cluster.telemetry();
        PushTelemetryRequest request = exchange.request();
        if (request.clientInstanceId().equals(Uuid.ZERO)) {
            return ErrorCode.INVALID_REQUEST;
        }
        TelemetryInstance instance = telemetry.instance(exchange, request.clientInstanceId());
        FakeTelemetry.Wanted wanted = telemetry.wantedOf(exchange, request.clientInstanceId());
        if (instance.isTerminated()) {
            return ErrorCode.INVALID_REQUEST;
        }
        if (!instance.mayPush(cluster.nowNanos(), wanted.intervalMillis()) && !request.terminating()) {
            return ErrorCode.THROTTLING_QUOTA_EXCEEDED;
        }
        if (request.terminating()) {
            instance.terminate();
        }
        if (request.subscriptionId() != wanted.id()) {
            instance.letAskAtOnce();
            return ErrorCode.UNKNOWN_SUBSCRIPTION_ID;
        }
        CompressionType type = CompressionType.forId(request.compressionType());
        if (type == null || type != CompressionType.NONE && !telemetry.compressionTypes().contains(request.compressionType())) {
            instance.letAskAtOnce();
            return ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
        }
        if (request.metrics().size() > telemetry.maxBytes()) {
            return ErrorCode.TELEMETRY_TOO_LARGE;
        }
        try {
            telemetry.pushed(exchange, request, plain(type, request.metrics().toSingleBuffer()));
            return ErrorCode.NONE;
        } catch (IOException unreadable) {
            return ErrorCode.INVALID_RECORD;
        }
    }

    private static byte[] plain(CompressionType type, ByteBuffer compressed) throws IOException {
        if (type == CompressionType.NONE) {
            byte[] bytes = new byte[compressed.remaining()];
            compressed.get(bytes);
            return bytes;
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (Decompressor decompressor = new Decompressor(); PlainSource source = decompressor.open(type, compressed, MOST_PLAIN_BYTES)) {
            int count;
            do {
                ByteBuffer target = ByteBuffer.allocateDirect(Math.max(source.room(), 8 * 1024));
                count = source.read(target);
                byte[] bytes = new byte[target.flip().remaining()];
                target.get(bytes);
                plain.writeBytes(bytes);
            } while (count >= 0);
        }
        return plain.toByteArray();
    }
}
