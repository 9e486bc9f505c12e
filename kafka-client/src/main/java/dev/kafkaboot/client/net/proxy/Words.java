package dev.kafkaboot.client.net.proxy;

/** What somebody else says, fit for a message. */
final class Words {

    private static final int LENGTH_MAX = 200;

    private Words() {}

    /** A text in printable ASCII, at most 200 characters of it. */
    static String of(String text) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LENGTH_MAX); i++) {
            char character = text.charAt(i);
            words.append(character >= ' ' && character <= '~' ? character : '?');
        }
        return text.length() > LENGTH_MAX ? words + "..." : words.toString();
    }
}
