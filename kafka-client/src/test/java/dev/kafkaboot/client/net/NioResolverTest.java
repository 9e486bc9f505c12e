package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.HostResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NioResolverTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void lookUpThatIsFasterThanTheEndOfTheLoopIsLeftToIt() {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        NioEventLoop ending = NioEventLoop.start("ending");
        try (EventLoop other = EventLoop.start("other")) {
            NioResolver resolver = new NioResolver(ending, "dns-under-test");
            HostResolver slow = host -> {
                mayAnswer.await();
                return List.of(InetAddress.getLoopbackAddress());
            };
            CompletableFuture<List<InetAddress>> lookup = resolver.resolve(slow, "somewhere");
            ending.close();

            mayAnswer.countDown();

            assertThat(other.await(lookup, Duration.ofMillis(200))).isFalse(); // its thread must not complete it
            ClientClosedException reason = new ClientClosedException("the loop has ended");
            resolver.end(reason);
            assertThat(lookup).isCompletedExceptionally();
            assertThat(resolver.resolve(slow, "elsewhere")).isCompletedExceptionally();
        }
    }

    @Test
    void hundredsOfLookUpsThatHangDelayNoOtherName() {
        HostResolver hangs = host -> {
            if (host.startsWith("hangs")) {
                new CountDownLatch(1).await();
            }
            return List.of(InetAddress.getLoopbackAddress());
        };
        try (EventLoop loop = EventLoop.start("loop")) {
            List<CompletableFuture<List<InetAddress>>> hanging = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                hanging.add(loop.resolve(hangs, "hangs-" + i));
            }

            List<InetAddress> other = loop.join(loop.resolve(hangs, "answers"), LIMIT, () -> "a name that does not hang");
            List<InetAddress> literal = loop.join(loop.resolve("::1"), LIMIT, () -> "an address");

            assertThat(other).containsExactly(InetAddress.getLoopbackAddress());
            assertThat(literal).hasSize(1);
            assertThat(hanging).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void nameThatHangsTakesOneThreadHoweverOftenItIsAskedFor() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch mayAnswer = new CountDownLatch(1);
        HostResolver slow = host -> {
            asked.incrementAndGet();
            mayAnswer.await();
            return List.of(InetAddress.getLoopbackAddress());
        };
        try (EventLoop loop = EventLoop.start("loop")) {
            List<CompletableFuture<List<InetAddress>>> lookups = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                lookups.add(loop.resolve(slow, "b1"));
            }

            mayAnswer.countDown();

            for (CompletableFuture<List<InetAddress>> lookup : lookups) {
                assertThat(loop.join(lookup, LIMIT, () -> "the name")).hasSize(1);
            }
            assertThat(asked).hasValueLessThan(1000); // those that came after the answer asked anew
        }
    }

    @Test
    void nameThatHangsOnceIsLookedUpAgainAfterAWhile() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        HostResolver hangsOnce = host -> {
            if (asked.incrementAndGet() == 1) {
                never.await();
            }
            return List.of(InetAddress.getLoopbackAddress());
        };
        try (NioEventLoop loop = NioEventLoop.start("loop")) {
            NioResolver resolver = new NioResolver(loop, "dns-under-test", /* patience= */ Duration.ZERO);

            CompletableFuture<List<InetAddress>> first = resolver.resolve(hangsOnce, "b1");
            CompletableFuture<List<InetAddress>> second = resolver.resolve(hangsOnce, "b1");

            assertThat(loop.join(second, LIMIT, () -> "the name")).hasSize(1);
            assertThat(loop.join(first, LIMIT, () -> "the name, by who asked before")).hasSize(1);
            never.countDown();
        }
    }

    @Test
    void namesBeyondTheBoundWaitForThoseBefore() {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        HostResolver slow = host -> {
            mayAnswer.await();
            return List.of(InetAddress.getLoopbackAddress());
        };
        try (EventLoop loop = EventLoop.start("loop")) {
            for (int i = 0; i < NioResolver.THREADS_MAX; i++) {
                loop.resolve(slow, "slow-" + i);
            }
            CompletableFuture<List<InetAddress>> last = loop.resolve(host -> List.of(InetAddress.getLoopbackAddress()), "last");
            assertThat(loop.await(last, Duration.ofMillis(50))).isFalse();

            mayAnswer.countDown();

            assertThat(loop.join(last, LIMIT, () -> "the last one")).hasSize(1);
        }
    }

    @Test
    void whateverAResolverThrowsIsTheOutcome() {
        try (EventLoop loop = EventLoop.start("loop")) {
            CompletableFuture<List<InetAddress>> unknown = loop.resolve(host -> {
                throw new UnknownHostException(host);
            }, "nowhere");
            CompletableFuture<List<InetAddress>> broken = loop.resolve(host -> {
                throw new AssertionError("broken");
            }, "nowhere");

            assertThatThrownBy(() -> loop.join(unknown, LIMIT, () -> "a failure")).hasRootCauseInstanceOf(UnknownHostException.class);
            assertThatThrownBy(() -> loop.join(broken, LIMIT, () -> "a failure")).hasRootCauseMessage("broken");
            assertThat(loop.isRunning()).isTrue();
        }
    }
}
