package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.Writer;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import java.nio.ByteBuffer;

/**
 * The generation, or the member's epoch, that a TxnOffsetCommit names. The definitions of Kafka 4.3 and 4.4 have the same field in the same place, but under different
 * names; this code is compiled with either, so it goes by the place.
 */
final class CommitterGeneration {

    /** From this version on a producer says for which member it speaks (KIP-447); flexible from the same on. */
    private static final short FIRST = 3;

    private static final int NONE = -1;

    private CommitterGeneration() {}

    static int of(TxnOffsetCommitRequest request, short version) {
        if (version < FIRST) {
            return NONE;
        }
        Writer out = new Writer();
        request.write(out, version);
        Reader in = new Reader(ByteBuffer.wrap(out.toByteArray()));
        in.readString(/* flexible= */ true); // transactional id
        in.readString(/* flexible= */ true); // group id
        in.readLong(); // producer id
        in.readShort(); // producer epoch
        return in.readInt();
    }
}
