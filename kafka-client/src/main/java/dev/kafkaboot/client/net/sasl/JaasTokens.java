package dev.kafkaboot.client.net.sasl;

/**
 * Cuts a JAAS text into words, quoted texts, {@code =} and {@code ;}. White space and comments ({@code //}, {@code /* *}{@code /}) are between them.
 *
 * <p>In quotes, single or double, a backslash escapes as in Java: {@code \n \t \r \b \f \\ \" \'} and octal numbers; before anything else it is left out.
 */
final class JaasTokens {

    private final String text;
    private int at;

    JaasTokens(String text) {
        this.text = text;
    }

    enum Kind {
        WORD, QUOTED, EQUALS, SEMICOLON, END
    }

    /**
     * A piece of the text.
     *
     * @param place where it begins, counted from 1
     */
    record Token(Kind kind, String text, int place) {

        @Override
        public String toString() {
            return kind + " at " + place; // its text may be a secret
        }
    }

    Token next() {
        skipBlanks();
        int begin = at;
        if (at == text.length()) {
            return new Token(Kind.END, "", begin + 1);
        }
        char first = text.charAt(at);
        switch (first) {
            case '=' -> {
                at++;
                return new Token(Kind.EQUALS, "=", begin + 1);
            }
            case ';' -> {
                at++;
                return new Token(Kind.SEMICOLON, ";", begin + 1);
            }
            case '"', '\'' -> {
                return new Token(Kind.QUOTED, quoted(first), begin + 1);
            }
            default -> {
                while (at < text.length() && isOfWord(text.charAt(at))) {
                    at++;
                }
                return new Token(Kind.WORD, text.substring(begin, at), begin + 1);
            }
        }
    }

    private static boolean isOfWord(char character) {
        return !Character.isWhitespace(character) && "=;\"'".indexOf(character) < 0;
    }

    private void skipBlanks() {
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end + 1;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw new IllegalArgumentException("it has a comment at character " + (at + 1) + " that does not end");
                }
                at = end + 2;
            } else {
                return;
            }
        }
    }

    private String quoted(char quote) {
        int begin = at++;
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char character = text.charAt(at++);
            if (character == quote) {
                return value.toString();
            }
            value.append(character == '\\' && at < text.length() ? escaped() : character);
        }
        throw new IllegalArgumentException("it has a quotation mark at character " + (begin + 1) + " without its counterpart");
    }

    private char escaped() {
        char character = text.charAt(at++);
        return switch (character) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(character);
            default -> character;
        };
    }

    private char octal(char first) {
        int value = first - '0';
        int digitsMax = first <= '3' ? 3 : 2;
        for (int digits = 1; digits < digitsMax && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '7'; digits++) {
            value = value * 8 + (text.charAt(at++) - '0');
        }
        return (char) value;
    }
}
