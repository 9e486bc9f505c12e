package dev.kafkaboot.client.net.sasl.fetch;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object as RFC 8259 has it and no further: no comments, no trailing commas, no name twice. Nesting is bounded, and the caller bounds the length,
 * because the text comes from elsewhere. It is read here and not by a library because the client has none on its class path unless the application brings one.
 *
 * <p>Values are {@link String}, {@link Long}, {@link Double}, {@link Boolean}, {@link List}, {@link Map} in the order of the text, and {@link #NULL}.
 */
public final class Json {

    /** JSON's null. */
    public static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private static final int DEPTH_MAX = 16;
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]{0,18})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?");

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /**
     * Reads an object.
     *
     * @throws IllegalArgumentException if the text is anything else; the message tells the place and not the text, which may hold secrets
     */
    public static Map<String, Object> object(byte[] utf8) {
        try {
            return object(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not UTF-8", e);
        }
    }

    /** The same, of a text. */
    public static Map<String, Object> object(String text) {
        Json json = new Json(text);
        json.skipBlanks();
        Map<String, Object> object = json.members(1);
        json.skipBlanks();
        if (json.at != text.length()) {
            throw json.fault("nothing more");
        }
        return object;
    }

    /** The text of a member, or null if there is none or it is no text. */
    public static @Nullable String text(Map<String, Object> object, String name) {
        return object.get(name) instanceof String text ? text : null;
    }

    private Object value(int depth) {
        if (depth > DEPTH_MAX) {
            throw fault("no more than " + DEPTH_MAX + " levels");
        }
        return switch (at < text.length() ? text.charAt(at) : ' ') {
            case '{' -> members(depth);
            case '[' -> elements(depth);
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", NULL);
            default -> number();
        };
    }

    private Map<String, Object> members(int depth) {
        expect('{');
        Map<String, Object> members = new LinkedHashMap<>();
        skipBlanks();
        if (accept('}')) {
            return members;
        }
        do {
            skipBlanks();
            String name = string();
            skipBlanks();
            expect(':');
            skipBlanks();
            if (members.put(name, value(depth + 1)) != null) {
                throw fault("each name once");
            }
            skipBlanks();
        } while (accept(','));
        expect('}');
        return members;
    }

    private List<Object> elements(int depth) {
        expect('[');
        List<Object> elements = new ArrayList<>();
        skipBlanks();
        if (accept(']')) {
            return elements;
        }
        do {
            skipBlanks();
            elements.add(value(depth + 1));
            skipBlanks();
        } while (accept(','));
        expect(']');
        return elements;
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return string.toString();
            }
            if (c < ' ') {
                throw fault("no control character in a text");
            }
            string.append(c == '\\' ? escaped() : c);
        }
        throw fault("the end of a text");
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : ' ';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw fault("an escape");
        };
    }

    private char unicode() {
        int code = 0;
        for (int digit = 0; digit < 4; digit++) {
            char c = at < text.length() ? text.charAt(at++) : ' ';
            int value = c < 128 ? Character.digit(c, 16) : -1;
            if (value < 0) {
                throw fault("four hexadecimal digits");
            }
            code = code * 16 + value;
        }
        return (char) code;
    }

    private Object number() {
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            throw fault("a value");
        }
        at = number.end();
        if (number.group(1) == null && number.group(2) == null) {
            try {
                return Long.valueOf(number.group());
            } catch (NumberFormatException tooLong) {
                return Double.valueOf(number.group());
            }
        }
        return Double.valueOf(number.group());
    }

    private Object literal(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw fault("a value");
        }
        at += word.length();
        return value;
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean accept(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw fault("'" + c + "'");
        }
    }

    private IllegalArgumentException fault(String expected) {
        return new IllegalArgumentException("is not JSON: " + expected + " was expected at character " + at + " of " + text.length());
    }
}
