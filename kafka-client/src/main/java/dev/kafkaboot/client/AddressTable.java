package dev.kafkaboot.client;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An address map that is written down.
 *
 * @param entries {@code host:port} or {@code host:*}, in lower case, with where that is; an entry with a port goes before one with a star
 */
record AddressTable(Map<String, String> entries) implements AddressMap {

    private static final String ANY_PORT = ":*";

    /**
     * Reads one: an {@link AddressMap}, a map of texts, a collection of {@code advertised=reachable}, or these separated by commas.
     *
     * @throws IllegalArgumentException if an entry is of another form
     */
    static AddressMap parse(Object given) {
        if (given instanceof AddressMap map) {
            return map;
        }
        Map<String, String> entries = new LinkedHashMap<>();
        if (given instanceof Map<?, ?> map) {
            map.forEach((from, to) -> add(entries, String.valueOf(from), String.valueOf(to)));
        } else {
            Collection<?> parts = given instanceof Collection<?> list ? list : Arrays.asList(given.toString().split(",", -1));
            List<String> texts = parts.stream().map(part -> part.toString().strip()).filter(text -> !text.isEmpty()).toList();
            for (String text : texts) {
                String[] sides = text.split("=", -1);
                if (sides.length != 2) {
                    throw new IllegalArgumentException(text);
                }
                add(entries, sides[0], sides[1]);
            }
        }
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("no entry");
        }
        return new AddressTable(Map.copyOf(entries));
    }

    private static void add(Map<String, String> entries, String from, String to) {
        String advertised = from.strip();
        String reachable = to.strip();
        check(advertised);
        check(reachable);
        if (entries.put(key(advertised), reachable) != null || reachable.endsWith(ANY_PORT) && !advertised.endsWith(ANY_PORT)) {
            throw new IllegalArgumentException(advertised);
        }
    }

    private static void check(String side) {
        HostPort.parse(side.endsWith(ANY_PORT) ? side.substring(0, side.length() - 1) + "1" : side);
    }

    private static String key(String hostAndPort) {
        return hostAndPort.toLowerCase(Locale.ROOT);
    }

    @Override
    public @Nullable HostPort reach(HostPort advertised) {
        String exact = key(advertised.toString());
        String reachable = entries.get(exact);
        if (reachable == null) {
            reachable = entries.get(exact.substring(0, exact.lastIndexOf(':')) + ANY_PORT);
        }
        if (reachable == null) {
            return null;
        }
        return HostPort.parse(reachable.endsWith(ANY_PORT) ? reachable.substring(0, reachable.length() - 1) + advertised.port() : reachable);
    }

    @Override
    public String toString() {
        return new TreeMap<>(entries).toString();
    }
}
