package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import java.lang.reflect.Method;
import java.util.Arrays;

/** What definitions of different Kafka releases call by different names, so that the fake is built with any of them. */
final class TxnOffsetCommitFields {

    /** Up to Kafka 4.3 {@code generationId}, from 4.4 on {@code generationIdOrMemberEpoch}. */
    private static final Method GENERATION = Arrays.stream(TxnOffsetCommitRequest.class.getMethods())
            .filter(method -> method.getName().startsWith("generationId") && method.getParameterCount() == 0)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("TxnOffsetCommit tells no generation"));

    private TxnOffsetCommitFields() {}

    /** The generation that the committer belongs to. */
    static int generation(TxnOffsetCommitRequest request) {
        try {
            return (int) GENERATION.invoke(request);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
