package dev.kafkaboot.test.proxy;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Frame;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.Writer;
import dev.kafkaboot.protocol.message.DescribeClusterResponse;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.FindCoordinatorResponse;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.protocol.message.ResponseHeader;
import java.nio.ByteBuffer;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Puts the proxy's addresses in the place of the brokers' in what brokers answer, wherever a client learns addresses: Metadata, FindCoordinator,
 * DescribeCluster, and the leaders in answers to Produce and Fetch (KIP-951). Other frames stay as they are, byte for byte.
 */
final class Addresses {

    private final String proxyHost;
    private final ToIntBiFunction<String, Integer> portFor;
    private boolean changed;

    /**
     * For one frame after the other.
     *
     * @param proxyHost where the proxy listens
     * @param portFor the proxy's port for a broker's host and port
     */
    Addresses(String proxyHost, ToIntBiFunction<String, Integer> portFor) {
        this.proxyHost = proxyHost;
        this.portFor = portFor;
    }

    /** The frame for the client, without its size. */
    byte[] rewrite(FrameInfo info, byte[] frame) {
        ResponseMessage response = empty(info.api());
        if (response == null) {
            return frame;
        }
        Reader in = new Reader(ByteBuffer.wrap(frame));
        int correlationId = Frame.readResponseHeader(in, info.api(), info.version());
        response.read(in, info.version());
        changed = false;
        replaceIn(response);
        return changed ? encode(info, correlationId, response) : frame;
    }

    private static @Nullable ResponseMessage empty(ApiKey api) {
        return switch (api) {
            case METADATA -> new MetadataResponse();
            case FIND_COORDINATOR -> new FindCoordinatorResponse();
            case DESCRIBE_CLUSTER -> new DescribeClusterResponse();
            case PRODUCE -> new ProduceResponse();
            case FETCH -> new FetchResponse();
            default -> null;
        };
    }

    private void replaceIn(ResponseMessage response) {
        if (response instanceof MetadataResponse metadata) {
            metadata.brokers().forEach(broker -> broker.port(port(broker.host(), broker.port())).host(proxyHost));
        } else if (response instanceof DescribeClusterResponse cluster) {
            cluster.brokers().forEach(broker -> broker.port(port(broker.host(), broker.port())).host(proxyHost));
        } else if (response instanceof ProduceResponse produced) {
            produced.nodeEndpoints().forEach(node -> node.port(port(node.host(), node.port())).host(proxyHost));
        } else if (response instanceof FetchResponse fetched) {
            fetched.nodeEndpoints().forEach(node -> node.port(port(node.host(), node.port())).host(proxyHost));
        } else if (response instanceof FindCoordinatorResponse found) {
            if (!found.host().isEmpty()) {
                found.port(port(found.host(), found.port())).host(proxyHost);
            }
            found.coordinators().stream()
                    .filter(coordinator -> !coordinator.host().isEmpty())
                    .forEach(coordinator -> coordinator.port(port(coordinator.host(), coordinator.port())).host(proxyHost));
        }
    }

    private int port(String host, int port) {
        changed = true;
        return portFor.applyAsInt(host, port);
    }

    private static byte[] encode(FrameInfo info, int correlationId, ResponseMessage response) {
        Writer out = new Writer();
        new ResponseHeader().correlationId(correlationId).write(out, info.api().responseHeaderVersion(info.version()));
        response.write(out, info.version());
        return out.toByteArray();
    }
}
