package dev.kafkaboot.client.telemetry;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.server.telemetry.ClientTelemetryContext;
import org.apache.kafka.server.telemetry.ClientTelemetryExporter;
import org.apache.kafka.server.telemetry.ClientTelemetryExporterProvider;
import org.apache.kafka.server.telemetry.ClientTelemetryPayload;
import org.jspecify.annotations.NullUnmarked;

/** Runs in a real broker, where it takes clients' metrics, and hands them to the test over a socket. */
@NullUnmarked
public final class ReceivingPlugin implements MetricsReporter, ClientTelemetryExporterProvider, ClientTelemetryExporter {

    /** The broker property that says at which port the test listens. */
    static final String PORT = "kafkaboot.test.telemetry.port";

    private DataOutputStream out;

    @Override
    public void configure(Map<String, ?> configs) {
        int port = Integer.parseInt(String.valueOf(configs.get(PORT)));
        try {
            out = new DataOutputStream(new Socket(InetAddress.getLoopbackAddress(), port).getOutputStream());
        } catch (IOException unreachable) {
            throw new UncheckedIOException(unreachable);
        }
    }

    @Override
    public ClientTelemetryExporter clientTelemetryExporter() {
        return this;
    }

    @Override
    public synchronized void exportMetrics(ClientTelemetryContext context, ClientTelemetryPayload payload) {
        ByteBuffer data = payload.data();
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        try {
            out.writeUTF(context.authorizableRequestContext().clientId());
            out.writeUTF(payload.clientInstanceId().toString());
            out.writeBoolean(payload.isTerminating());
            out.writeInt(bytes.length);
            out.write(bytes);
            out.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Override
    public void init(List<KafkaMetric> metrics) {}

    @Override
    public void metricChange(KafkaMetric metric) {}

    @Override
    public void metricRemoval(KafkaMetric metric) {}

    @Override
    public void close() {}
}
