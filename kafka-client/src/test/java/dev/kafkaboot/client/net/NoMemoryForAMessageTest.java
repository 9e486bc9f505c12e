package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.UnknownTaggedField;
import dev.kafkaboot.protocol.Writer;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A heap that is full for a moment: what is made of the bytes of an answer takes several times as much as they do, and requests are made on the loop too. */
@Timeout(60)
class NoMemoryForAMessageTest {

    private static final LoopbackServer.Script ANSWERING = (socket, number) -> {
        negotiate(socket);
        LoopbackServer.answerAll(socket, new MetadataResponse().clusterId("good"));
    };

    @Test
    void answerForWhichThereIsNoMemoryCostsItsConnectionAndNotTheLoop() throws IOException {
        try (LoopbackServer server = LoopbackServer.start(ANSWERING); PoolUnderTest client = new PoolUnderTest()) {
            client.send(new MetadataRequest(), server.port()).join();

            CompletableFuture<TooLarge> lost = client.send(new RequestOfTooMuch(), server.port());

            assertThatThrownBy(() -> lost.get(PoolUnderTest.LIMIT.toSeconds(), TimeUnit.SECONDS)).cause().isInstanceOfSatisfying(DisconnectException.class, failure -> assertThat(failure.mayHaveBeenReceived()).isTrue())
                    .hasMessageContaining("was sent and not answered").hasMessageContaining("bytes, for which there is no memory: Java heap space");
            assertThat(client.send(new MetadataRequest(), server.port()).join().clusterId()).isEqualTo("good");
            assertThat(client.loop.isRunning()).isTrue();
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void requestForWhichThereIsNoMemoryWasNotSentAndMayBeTriedAgain() throws Exception {
        try (LoopbackServer server = LoopbackServer.start(ANSWERING); PoolUnderTest client = new PoolUnderTest()) {
            client.send(new MetadataRequest(), server.port()).join();
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            client.loop.execute(() -> client.pool.<MetadataResponse>dispatch(null, "test", ApiKey.METADATA, version -> {
                throw new OutOfMemoryError("Java heap space");
            }, PoolUnderTest.node(server.port()), RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT)).whenComplete((frame, failure) -> outcome.complete(failure)));

            Throwable lost = Failures.cause(outcome.get(PoolUnderTest.LIMIT.toSeconds(), TimeUnit.SECONDS));

            assertThat(lost).isInstanceOfSatisfying(DisconnectException.class, failure -> assertThat(failure.mayHaveBeenReceived()).isFalse())
                    .hasMessageContaining("was not sent").hasMessageContaining("for which there is no memory: Java heap space");
            assertThat(client.send(new MetadataRequest(), server.port()).join().clusterId()).isEqualTo("good");
            assertThat(client.loop.isRunning()).isTrue();
        }
    }

    /** A request that is written as any, and of whose answer nothing can be made. */
    private record RequestOfTooMuch(MetadataRequest asked) implements RequestMessage<TooLarge> {

        RequestOfTooMuch() {
            this(new MetadataRequest());
        }

        @Override
        public ApiKey apiKey() {
            return asked.apiKey();
        }

        @Override
        public TooLarge newResponse() {
            return new TooLarge(new MetadataResponse());
        }

        @Override
        public short lowestSupportedVersion() {
            return asked.lowestSupportedVersion();
        }

        @Override
        public short highestSupportedVersion() {
            return asked.highestSupportedVersion();
        }

        @Override
        public void write(Writer out, short version) {
            asked.write(out, version);
        }

        @Override
        public void read(Reader in, short version) {
            asked.read(in, version);
        }

        @Override
        public List<UnknownTaggedField> unknownTaggedFields() {
            return asked.unknownTaggedFields();
        }
    }

    private record TooLarge(MetadataResponse answer) implements ResponseMessage {

        @Override
        public ApiKey apiKey() {
            return answer.apiKey();
        }

        @Override
        public short lowestSupportedVersion() {
            return answer.lowestSupportedVersion();
        }

        @Override
        public short highestSupportedVersion() {
            return answer.highestSupportedVersion();
        }

        @Override
        public void write(Writer out, short version) {
            answer.write(out, version);
        }

        @Override
        public void read(Reader in, short version) {
            throw new OutOfMemoryError("Java heap space");
        }

        @Override
        public List<UnknownTaggedField> unknownTaggedFields() {
            return answer.unknownTaggedFields();
        }
    }
}
