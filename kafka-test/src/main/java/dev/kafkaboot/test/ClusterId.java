package dev.kafkaboot.test;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/** Makes cluster ids in Kafka's form: a random UUID in base64url without padding. */
final class ClusterId {

    private ClusterId() {}

    /** An id that does not begin with a dash, which the storage tool would take for an option. */
    static String random() {
        String id;
        do {
            UUID uuid = UUID.randomUUID();
            byte[] bytes = ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
            id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        } while (id.startsWith("-"));
        return id;
    }
}
