package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.AuthenticationException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * A message of a SCRAM server: attributes of one letter each, separated by commas (RFC 5802, 7).
 *
 * @param whole as it came
 * @param fields what is between the commas
 */
record ScramText(String whole, List<String> fields) {

    /** Far more than nonce, salt and signature take. */
    private static final int BYTES_MAX = 4096;

    static ScramText read(byte[] message) {
        if (message.length > BYTES_MAX) {
            throw new AuthenticationException("the broker sent a SCRAM message of " + message.length + " bytes");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
        } catch (CharacterCodingException notText) {
            throw new AuthenticationException("the broker sent a SCRAM message that is not UTF-8", notText);
        }
        List<String> fields = List.of(text.split(",", -1));
        String first = fields.get(0);
        if (first.startsWith("e=")) {
            throw new AuthenticationException("the broker says " + BrokerText.of(first.substring(2)));
        }
        if (first.startsWith("m=")) {
            throw new AuthenticationException("the broker demands an extension of SCRAM that this client does not know");
        }
        return new ScramText(text, fields);
    }

    /** The value of an attribute, which has its place. */
    static String value(List<String> fields, int place, char letter, String what) {
        String field = place < fields.size() ? fields.get(place) : "";
        if (field.length() < 3 || field.charAt(0) != letter || field.charAt(1) != '=') {
            throw new AuthenticationException("the broker sent no " + what + " where SCRAM has it");
        }
        return field.substring(2);
    }

    static byte[] base64(String value, String what) {
        try {
            return Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException malformed) {
            throw new AuthenticationException("the broker sent a " + what + " that is not Base64", malformed);
        }
    }
}
