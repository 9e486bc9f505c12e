package dev.kafkaboot.client.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.net.ConnectionProblem;
import dev.kafkaboot.client.security.SslContextSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTransportTest {

    private static final int WHOLE = Integer.MAX_VALUE - 1;
    private static final Certificates.Identity AUTHORITY = Certificates.named("Test Authority").asAuthority().selfSigned();
    private static final SSLContext SERVER = TlsServer.context(Certificates.named("broker").forHosts("broker.example").issuedBy(AUTHORITY));
    private static final SSLContext CLIENT = TlsServer.context(null, AUTHORITY.own());

    private static TlsPair pair() {
        return TlsPair.of(CLIENT, SERVER, 1, WHOLE);
    }

    private static TlsPair pair(String protocol) {
        return new TlsPair(TlsPair.settings(CLIENT, List.of(protocol)), SERVER, "broker.example", new MemoryChannel(1, WHOLE));
    }

    private static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void bytesGoBothWaysWhateverPiecesTheyComeIn(long seed) {
        TlsPair pair = TlsPair.of(CLIENT, SERVER, seed, seed == 1 ? 1 : 1 << (2 * seed)).shakeHands();
        byte[] request = bytes(seed == 1 ? 3_000 : 120_000, seed);
        byte[] response = bytes(seed == 1 ? 2_000 : 80_000, seed + 100);

        pair.send(request);
        pair.server.send(response);
        pair.run();

        assertThat(pair.isConnected()).isTrue();
        assertThat(pair.server.received()).isEqualTo(request);
        assertThat(pair.received()).isEqualTo(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void smallReadsAreCalledForUntilNothingIsLeft(String protocol) {
        TlsPair pair = pair(protocol).shakeHands();
        byte[] response = bytes(50_000, 7);

        pair.readSize(100);
        pair.server.send(response);
        pair.run();

        assertThat(pair.received()).isEqualTo(response);
    }

    @Test
    void severalRecordsGoInOneWrite() {
        TlsPair pair = pair().shakeHands();
        int before = pair.channel.writes();

        pair.send(bytes(100_000, 1));
        pair.run();

        assertThat(pair.server.received()).hasSize(100_000);
        assertThat(pair.channel.writes() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void channelThatTakesNothingHoldsTheWriterBack() {
        TlsPair pair = pair().shakeHands();
        byte[] request = bytes(500_000, 1);

        pair.channel.full(true);
        pair.send(request);
        pair.run();
        boolean wasHeldBack = pair.hasUnsent();
        pair.channel.full(false);
        pair.run();

        assertThat(wasHeldBack).isTrue();
        assertThat(pair.hasUnsent()).isFalse();
        assertThat(pair.server.received()).isEqualTo(request);
    }

    @Test
    void whatWasTakenGoesOutEvenIfNothingElseIsWritten() {
        TlsPair pair = pair().shakeHands();

        pair.channel.full(true);
        pair.send(bytes(1_000, 1));
        boolean wasTaken = !pair.hasUnsent();
        boolean wasKept = pair.transport.hasUnsent();
        pair.channel.full(false);
        pair.run();

        assertThat(wasTaken).isTrue();
        assertThat(wasKept).isTrue();
        assertThat(pair.transport.hasUnsent()).isFalse();
        assertThat(pair.server.received()).hasSize(1_000);
    }

    @Test
    void nothingIsHandedOutWhileReadingIsOff() {
        TlsPair pair = pair().shakeHands();
        pair.transport.wantRead(false);

        pair.server.send(bytes(40_000, 1));
        pair.run();
        int before = pair.received().length;
        pair.transport.wantRead(true);
        pair.run();

        assertThat(before).isZero();
        assertThat(pair.received()).hasSize(40_000);
    }

    @Test
    void handlerThatFailsInATaskCostsTheConnection() {
        TlsPair pair = pair().shakeHands();
        pair.readSize(10);
        pair.server.send(bytes(1_000, 1));
        pair.channel.arrive(pair.server.takeRecords());
        ((TlsTransport) pair.transport).readable();
        IllegalStateException fault = new IllegalStateException("a defect");

        pair.failWith(fault);
        pair.run();

        assertThat(pair.closedWith()).isSameAs(fault);
        assertThat(pair.channel.isClosed()).isTrue();
    }

    @Test
    void readingThatIsTurnedOffBetweenTwoReadsGoesOnWithWhatWasReadAhead() {
        TlsPair pair = pair().shakeHands();
        pair.readSize(10);
        pair.server.send(bytes(1_000, 1));
        pair.channel.arrive(pair.server.takeRecords());
        ((TlsTransport) pair.transport).readable();
        pair.transport.wantRead(false);
        pair.run();
        int before = pair.received().length;

        pair.transport.wantRead(true);
        pair.run();

        assertThat(before).isEqualTo(10);
        assertThat(pair.received()).hasSize(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void peerThatEndsTlsEndsTheStream(String protocol) {
        TlsPair pair = pair(protocol).shakeHands();

        pair.server.send(bytes(10, 1));
        pair.server.close();
        pair.run();

        assertThat(pair.received()).hasSize(10);
        assertThat(pair.sawEnd()).isTrue();
        assertThat(pair.brokenWith()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void streamThatEndsWithoutAWordOfTlsIsCutOff(String protocol) {
        TlsPair pair = pair(protocol).shakeHands();

        pair.server.send(bytes(10, 1));
        pair.run();
        pair.channel.end();
        pair.run();

        assertThat(pair.received()).hasSize(10);
        assertThat(pair.sawEnd()).isFalse();
        assertThat(pair.brokenWith()).isInstanceOf(ConnectionProblem.class).hasMessageContaining("without ending TLS first");
    }

    @Test
    void halfClosedPeerStillReads() {
        TlsPair pair = pair("TLSv1.3").shakeHands();
        pair.server.send(bytes(10, 1));
        pair.run();
        pair.transport.wantRead(false);

        pair.server.close();
        pair.run();
        pair.send(bytes(5_000, 2));
        pair.run();

        assertThat(pair.server.received()).hasSize(5_000);
    }

    @Test
    void closingSaysSoWithinTls() {
        TlsPair pair = pair().shakeHands();

        pair.transport.close();
        pair.server.receive(pair.channel.takeWritten());

        assertThat(pair.channel.isClosed()).isTrue();
        assertThat(pair.server.engine().isInboundDone()).isTrue();
    }

    @Test
    void keyUpdatesAreAnswered() throws SSLException {
        TlsPair pair = pair("TLSv1.3").shakeHands();
        byte[] response = bytes(100_000, 1);
        byte[] request = bytes(100_000, 2);

        for (int i = 0; i < 5; i++) {
            pair.server.engine().beginHandshake();
            pair.server.run();
            pair.server.send(Arrays.copyOfRange(response, i * 20_000, (i + 1) * 20_000));
            pair.send(Arrays.copyOfRange(request, i * 20_000, (i + 1) * 20_000));
            pair.run();
        }

        assertThat(pair.received()).isEqualTo(response);
        assertThat(pair.server.received()).isEqualTo(request);
    }

    @Test
    void peerThatSendsNothingButWarningsInTheHandshakeDoesNotHoldTheLoop() {
        TlsPair pair = pair();
        pair.begin();
        for (int i = 0; i < 200; i++) {
            pair.channel.arrive(new byte[] {21, 3, 3, 0, 2, 1, 10});
        }

        ((TlsTransport) pair.transport).readable();
        boolean leftToALaterTurn = pair.loop.hasTasks();
        pair.run();

        assertThat(leftToALaterTurn).isTrue();
        assertThat(pair.isConnected()).isTrue();
    }

    @Test
    void peerThatSendsNothingButKeyUpdatesDoesNotHoldTheLoop() throws SSLException {
        TlsPair pair = pair("TLSv1.3").shakeHands();
        for (int i = 0; i < 200; i++) {
            pair.server.engine().beginHandshake();
            pair.server.run();
        }
        pair.server.send(bytes(10, 1));
        pair.channel.arrive(pair.server.takeRecords());

        ((TlsTransport) pair.transport).readable();
        int readInTheFirstTurn = pair.received().length;
        pair.run();

        assertThat(readInTheFirstTurn).isZero();
        assertThat(pair.received()).hasSize(10);
    }

    @Test
    void renegotiationIsRefused() throws SSLException {
        TlsPair pair = pair("TLSv1.2").shakeHands();
        pair.server.send(bytes(10, 1));
        pair.run();

        pair.server.engine().beginHandshake();
        pair.server.run();
        pair.run();

        assertThat(pair.brokenWith()).hasMessage("asked to negotiate TLS anew on an open connection, which is refused");
    }

    @Test
    void peerThatAnswersInPlainTextIsNamed() {
        TlsPair pair = pair();
        pair.begin();

        pair.channel.arrive("220 mail.example ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
        ((TlsTransport) pair.transport).readable();

        assertThat(pair.closedWith()).isInstanceOf(ConnectionProblem.class)
                .hasMessage("does not speak TLS, but security.protocol is SSL; it answered \"220 mail.example ESMTP\"");
        assertThat(pair.channel.isClosed()).isTrue();
    }

    @Test
    void webServerIsNamed() {
        TlsPair pair = pair();
        pair.begin();

        pair.channel.arrive("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        ((TlsTransport) pair.transport).readable();

        assertThat(pair.closedWith()).hasMessageContaining("answered in HTTP (\"HTTP/1.1 400 Bad Request\")");
    }

    @Test
    void peerThatClosesAtTheFirstMessageMayNotSpeakTls() {
        TlsPair pair = pair();
        pair.begin();

        pair.channel.end();
        ((TlsTransport) pair.transport).readable();

        assertThat(pair.closedWith()).hasMessageContaining("a port that does not speak TLS does that, and security.protocol is SSL");
    }

    @Test
    void recordThatWasTamperedWithBreaksTheChannel() {
        TlsPair pair = pair().shakeHands();
        pair.server.send(bytes(100, 1));
        byte[] records = pair.server.takeRecords();
        records[records.length - 1] ^= 1;

        pair.channel.arrive(records);
        pair.run();

        assertThat(pair.received()).isEmpty();
        assertThat(pair.brokenWith()).hasMessageContaining("failed in TLS");
    }

    @Test
    void whatThePeerSaidLastIsHeardWhenAWriteBreaks() {
        TlsPair pair = pair("TLSv1.3").shakeHands();
        pair.server.receive(new byte[] {22, 3, 3, 0, 1, 0}); // it takes offence and sends an alert
        pair.channel.arrive(pair.server.takeRecords());
        pair.channel.breakWrites(new IOException("Broken pipe"));

        pair.send(bytes(100, 1));

        assertThat(pair.brokenWith()).hasMessageContaining("alert").hasMessageNotContaining("Broken pipe");
    }

    private static ByteBuffer noMemory(int size) {
        throw new OutOfMemoryError("no memory for " + size + " bytes");
    }

    private static TlsPair pair(RecordBuffers buffers) {
        return new TlsPair(TlsPair.settings(CLIENT, TlsPair.BOTH), SERVER, "broker.example", new MemoryChannel(1, WHOLE), buffers);
    }

    @Test
    void lackOfDirectMemoryLeavesTheHeap() {
        TlsPair pair = pair(new RecordBuffers(TlsTransportTest::noMemory, ByteBuffer::allocate)).shakeHands();
        byte[] request = bytes(300_000, 1);
        byte[] response = bytes(200_000, 2);

        pair.send(request);
        pair.server.send(response);
        pair.run();

        assertThat(pair.server.received()).isEqualTo(request);
        assertThat(pair.received()).isEqualTo(response);
        assertThat(pair.buffers.kept()).isZero();
    }

    @Test
    void lackOfAnyMemoryCostsOneConnection() {
        TlsPair pair = pair(new RecordBuffers(TlsTransportTest::noMemory, TlsTransportTest::noMemory)).shakeHands();

        assertThat(pair.closedWith()).isInstanceOf(ConnectionProblem.class)
                .hasMessage("cannot be spoken to in TLS, for which there is no memory: no memory for 131072 bytes");
        assertThat(pair.channel.isClosed()).isTrue();
    }

    @Test
    void contextThatCannotBeHadSaysNothingOfTheBroker() {
        SslContextSource failing = () -> {
            throw new CertificateException("the vault is sealed");
        };
        TlsPair pair = new TlsPair(TlsPair.settings(failing, TlsPair.BOTH), SERVER, "broker.example", new MemoryChannel(1, WHOLE)).shakeHands();

        assertThat(pair.closedWith()).isInstanceOf(ConnectionProblem.class)
                .hasMessage("cannot be connected to: the TLS context cannot be had: the vault is sealed");
    }

    @Test
    void sourceThatHangsIsAskedOnceByAllWhoWait() {
        AtomicInteger asked = new AtomicInteger();
        ManualLoop loop = new ManualLoop();
        SharedContext contexts = new SharedContext(() -> {
            asked.incrementAndGet();
            return CLIENT;
        });

        CompletableFuture<SSLContext> first = contexts.ask(loop);
        CompletableFuture<SSLContext> meanwhile = contexts.ask(loop);
        boolean ran = loop.runOffloaded();
        boolean ranAgain = loop.runOffloaded();
        contexts.ask(loop);
        loop.runOffloaded();

        assertThat(ran).isTrue();
        assertThat(ranAgain).isFalse();
        assertThat(first).isCompletedWithValue(CLIENT);
        assertThat(meanwhile).isCompletedWithValue(CLIENT);
        assertThat(asked).hasValue(2);
    }

    @Test
    void sourceThatHangsOnceIsAskedAgainAfterTwoMinutes() {
        ManualLoop loop = new ManualLoop();
        SharedContext contexts = new SharedContext(() -> CLIENT);
        CompletableFuture<SSLContext> first = contexts.ask(loop);
        Runnable hangs = loop.takeOffloaded();

        loop.advance(Duration.ofMinutes(2));
        CompletableFuture<SSLContext> later = contexts.ask(loop);
        boolean ran = loop.runOffloaded();
        hangs.run();

        assertThat(ran).isTrue();
        assertThat(later).isCompletedWithValue(CLIENT);
        assertThat(first).isCompletedWithValue(CLIENT);
        contexts.ask(loop);
        assertThat(loop.runOffloaded()).as("asked anew for the next connection").isTrue();
    }

    @Test
    void contextThatIsNotThereIsWhatIsWaitedForAndNotTheBroker() {
        TlsPair pair = new TlsPair(TlsPair.settings(() -> CLIENT, TlsPair.BOTH), SERVER, "broker.example", new MemoryChannel(1, WHOLE));

        pair.loop.runTasks();

        assertThat(pair.transport.awaits()).isEqualTo("get to see a TLS handshake, as the TLS context was not there");
        pair.shakeHands();
        assertThat(pair.closedWith()).isNull();
    }

    @Test
    void closedChannelHoldsNoBuffer() {
        TlsPair pair = pair().shakeHands();
        pair.channel.full(true);
        pair.readSize(10);
        pair.server.send(bytes(5_000, 1));
        pair.channel.arrive(pair.server.takeRecords());
        ((TlsTransport) pair.transport).readable();
        pair.send(bytes(10, 1));
        int before = pair.buffers.kept();

        pair.transport.close();

        assertThat(before).isZero();
        assertThat(pair.buffers.kept()).isEqualTo(2);
    }

    @Test
    void idleChannelHoldsNoBuffer() {
        TlsPair pair = pair().shakeHands();

        pair.server.send(bytes(5_000, 1));
        pair.send(bytes(5_000, 1));
        pair.run();
        int kept = pair.buffers.kept();
        pair.transport.close();

        assertThat(pair.buffers.kept()).isEqualTo(kept);
    }
}
