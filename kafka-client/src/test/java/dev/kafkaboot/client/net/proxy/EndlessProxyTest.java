package dev.kafkaboot.client.net.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.net.BrokerNames;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.SocketOptions;
import dev.kafkaboot.client.net.Transport;
import dev.kafkaboot.client.net.TransportFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A proxy that answers, and goes on answering, and never says yes or no. */
@Timeout(60)
class EndlessProxyTest {

    private static final int SENT = 4 * 1024 * 1024;

    /** The channel to it: it has as many interim answers as are asked for, for a long time. */
    private static final class Channel implements Transport {

        private static final byte[] INTERIM = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        private int sent;

        @Override
        public int read(ByteBuffer target) {
            int before = sent;
            while (target.hasRemaining() && sent < SENT) {
                target.put(INTERIM[sent % INTERIM.length]);
                sent++;
            }
            return sent - before;
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            long written = 0;
            for (int i = offset; i < offset + length; i++) {
                written += sources[i].remaining();
                sources[i].position(sources[i].limit());
            }
            return written;
        }

        @Override
        public void wantWrite(boolean wanted) {}

        @Override
        public void wantRead(boolean wanted) {}

        @Override
        public void close() {}
    }

    private static final class NoEvents implements Transport.Handler {

        @Override
        public void connected() {}

        @Override
        public void readable() {}

        @Override
        public void writable() {}

        @Override
        public void closed(Throwable cause) {}
    }

    @Test
    void proxyThatNeverComesToItsEndDoesNotHoldTheLoop() throws Exception {
        Channel channel = new Channel();
        CompletableFuture<Integer> readInOneTurn = new CompletableFuture<>();
        TransportFactory toProxy = (loop, host, address, options, handler) -> {
            loop.execute(() -> {
                handler.connected();
                handler.readable();
                readInOneTurn.complete(channel.sent);
            });
            return channel;
        };
        ProxiedTransports transports = new ProxiedTransports(ProxyUrl.parse("http://127.0.0.1:1", Map.of("http", HttpConnect.PLAIN)), Bypass.parse(List.of()),
                BrokerNames.PLAIN, toProxy, TransportFactory.PLAIN);

        try (EventLoop loop = EventLoop.start("loop")) {
            loop.execute(() -> transports.open(loop, "b1", InetSocketAddress.createUnresolved("b1.example", 9092), SocketOptions.DEFAULT, new NoEvents()));

            assertThat(readInOneTurn.get(30, TimeUnit.SECONDS)).isBetween(1, SENT / 8);
        }
    }
}
