package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.Writer;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generation that a producer names, found by its place. */
class CommitterGenerationTest {

    @ParameterizedTest
    @ValueSource(shorts = {3, 4, 5})
    void theGenerationStandsBehindTheProducersEpoch(short version) {
        Writer out = new Writer();
        out.writeString("tx", /* flexible= */ true);
        out.writeString("billing", /* flexible= */ true);
        out.writeLong(7);
        out.writeShort((short) 2);
        out.writeInt(41);
        out.writeString("member", /* flexible= */ true);
        out.writeString(null, /* flexible= */ true);
        out.writeUnsignedVarint(1); // an array of nothing
        out.writeUnsignedVarint(0); // no tagged fields
        TxnOffsetCommitRequest request = new TxnOffsetCommitRequest();
        request.read(new Reader(ByteBuffer.wrap(out.toByteArray())), version);

        assertThat(request.memberId()).isEqualTo("member");
        assertThat(CommitterGeneration.of(request, version)).isEqualTo(41);
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2})
    void olderProducersSpeakForNobody(short version) {
        assertThat(CommitterGeneration.of(new TxnOffsetCommitRequest(), version)).isEqualTo(-1);
    }
}
