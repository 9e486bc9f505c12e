package dev.kafkaboot.spring.support.converter;

import dev.kafkaboot.client.Header;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.spring.support.KafkaHeaders;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.springframework.messaging.MessageHeaders;

/**
 * A record's headers to a message's and back. Stateless.
 *
 * <p>From a record, a header comes as its bytes, but for {@link KafkaHeaders#DELIVERY_ATTEMPT}; {@code @Header} parameters of other types are converted. To a record, bytes go as they are, and texts, numbers,
 * booleans, enums and UUIDs as text in UTF-8. Message headers that begin with {@code kafka_}, Spring's own {@code id} and {@code timestamp}, and values of other
 * types stay out.
 */
public final class HeaderMapper {

    /** Makes one. */
    public HeaderMapper() {}

    /** Adds a record's headers; of several with one name, the last. */
    public void toMessage(Headers headers, Map<String, Object> target) {
        for (Header header : headers) {
            byte[] value = header.value();
            if (value == null) {
                target.remove(header.key());
            } else if (header.key().equals(KafkaHeaders.DELIVERY_ATTEMPT) && value.length == Integer.BYTES) {
                target.put(header.key(), ByteBuffer.wrap(value).getInt());
            } else {
                target.put(header.key(), value);
            }
        }
    }

    /** Adds a message's headers to a record's. */
    public void fromMessage(MessageHeaders headers, Headers target) {
        headers.forEach((name, value) -> {
            if (name.startsWith(KafkaHeaders.PREFIX) || name.equals(MessageHeaders.ID) || name.equals(MessageHeaders.TIMESTAMP)) {
                return;
            }
            if (value instanceof byte[] bytes) {
                target.add(name, bytes);
            } else if (isText(value)) {
                target.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private static boolean isText(Object value) {
        return value instanceof CharSequence
                || value instanceof Boolean
                || value instanceof Byte
                || value instanceof Short
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Float
                || value instanceof Double
                || value instanceof BigDecimal
                || value instanceof BigInteger
                || value instanceof Enum<?>
                || value instanceof UUID;
    }
}
