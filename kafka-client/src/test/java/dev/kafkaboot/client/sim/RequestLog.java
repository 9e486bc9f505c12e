package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.protocol.ApiKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Notes what a process asks brokers, and what it hears. */
final class RequestLog implements ConnectionListener {

    private final Simulation simulation;
    private final String process;

    RequestLog(Simulation simulation, String process) {
        this.simulation = simulation;
        this.process = process;
    }

    @Override
    public void connected(Node broker, ConnectionClass connectionClass) {
        simulation.log(process, "is connected to " + broker + " for " + connectionClass);
    }

    @Override
    public void disconnected(Node broker, ConnectionClass connectionClass, @Nullable Throwable cause) {
        simulation.log(process, "has lost " + broker + " for " + connectionClass + (cause == null ? "" : ": " + cause.getMessage()));
    }

    @Override
    public void requestSent(Node broker, ApiKey request, int bytes) {
        simulation.log(process, "asks " + broker + " " + request);
    }

    @Override
    public void responseReceived(Node broker, ApiKey request, int bytes, Duration latency) {
        simulation.log(process, "is answered " + request + " by " + broker);
    }
}
