package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ClientClosedException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NioResolverTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "255.249.199.99", "0.0.0.0", "::1", "fe80::1", "2001:db8::127.0.0.1"})
    void addressesNeedNoNameService(String host) {
        assertThat(NioResolver.isLiteral(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.256", "10.0.0.300", "10.0.0", "1.2.3.4.5", "broker1", "1.example", "g::1"})
    void whatOnlyLooksLikeAnAddressIsLookedUpOffTheLoop(String host) {
        assertThat(NioResolver.isLiteral(host)).isFalse();
    }

    @Test
    void lookUpThatIsFasterThanTheEndOfTheLoopIsLeftToIt() {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        NioEventLoop ending = NioEventLoop.start("ending");
        try (EventLoop other = EventLoop.start("other")) {
            NioResolver resolver = new NioResolver(ending, "dns-under-test", host -> {
                mayAnswer.await();
                return new InetAddress[] {InetAddress.getLoopbackAddress()};
            });
            CompletableFuture<List<InetAddress>> lookup = resolver.resolve("somewhere");
            ending.close();

            mayAnswer.countDown();

            assertThat(other.await(lookup, Duration.ofMillis(200))).isFalse(); // its thread must not complete it
            ClientClosedException reason = new ClientClosedException("the loop has ended");
            resolver.end(reason);
            assertThat(lookup).isCompletedExceptionally();
            assertThat(resolver.resolve("elsewhere")).isCompletedExceptionally();
        }
    }
}
