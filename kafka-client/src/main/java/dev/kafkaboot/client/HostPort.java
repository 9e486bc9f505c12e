package dev.kafkaboot.client;

/**
 * A host and a port. Immutable.
 *
 * @param host a name or an address; an IPv6 address without its brackets
 * @param port from 1 to 65535
 */
public record HostPort(String host, int port) {

    private static final int PORT_MAX = 65_535;
    private static final int DIGITS_MAX = 9;

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if there is no host or no such port
     */
    public HostPort {
        if (host.isEmpty() || !host.chars().allMatch(HostPort::mayBeInHost)) {
            throw malformed();
        }
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("the port must be from 1 to " + PORT_MAX);
        }
    }

    /**
     * Reads {@code host:port}; an IPv6 address is in brackets.
     *
     * @throws IllegalArgumentException if the text is not of that form; the message says what would be, as the end of a sentence
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw malformed();
        }
        return new HostPort(host(text.substring(0, colon)), port(text.substring(colon + 1)));
    }

    /**
     * Reads a host alone; an IPv6 address is in brackets, which are taken off.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static String host(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String host = bracketed ? text.substring(1, text.length() - 1) : text;
        if (host.isEmpty() || host.indexOf(':') >= 0 != bracketed) {
            throw malformed();
        }
        return host;
    }

    /**
     * Reads a port alone.
     *
     * @throws IllegalArgumentException if the text is not a number; that it is in bounds is not looked at
     */
    public static int port(String text) {
        if (text.isEmpty() || text.length() > DIGITS_MAX || !text.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            throw malformed();
        }
        return Integer.parseInt(text);
    }

    private static boolean mayBeInHost(int character) {
        return Character.isLetterOrDigit(character) || ".-_:%".indexOf(character) >= 0;
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("it must be host:port, with an IPv6 address in brackets, as in [::1]:9092");
    }

    /** As it is written: {@code b1:9092}, {@code [::1]:9092}. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
