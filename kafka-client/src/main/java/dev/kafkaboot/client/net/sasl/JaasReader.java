package dev.kafkaboot.client.net.sasl;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads a {@code sasl.jaas.config}: {@code Module flag name=value ... ;}, once, as Kafka's clients take it. Faults are told by an
 * {@link IllegalArgumentException} that holds no value, because values are secrets.
 */
final class JaasReader {

    private static final Set<String> FLAGS = Set.of("required", "requisite", "sufficient", "optional");

    private final JaasTokens tokens;

    private JaasReader(String text) {
        this.tokens = new JaasTokens(text);
    }

    static JaasLogin read(String text) {
        return new JaasReader(text).login();
    }

    private JaasLogin login() {
        JaasTokens.Token module = tokens.next();
        if (module.kind() != JaasTokens.Kind.WORD) {
            throw expected("the class name of a login module", module);
        }
        JaasTokens.Token flag = tokens.next();
        if (flag.kind() != JaasTokens.Kind.WORD || !FLAGS.contains(flag.text().toLowerCase(Locale.ROOT))) {
            throw expected("'required' behind the name of the login module", flag);
        }
        Map<String, String> options = new LinkedHashMap<>();
        JaasTokens.Token token = tokens.next();
        while (token.kind() == JaasTokens.Kind.WORD) {
            readOption(token, options);
            token = tokens.next();
        }
        if (token.kind() != JaasTokens.Kind.SEMICOLON) {
            throw expected("another option, or ';' behind the last one", token);
        }
        JaasTokens.Token rest = tokens.next();
        if (rest.kind() != JaasTokens.Kind.END) {
            throw new IllegalArgumentException("it must hold one login module, and has more behind the first ';'");
        }
        return new JaasLogin(module.text(), Collections.unmodifiableMap(options));
    }

    /** Its name is not told either: of a password that is not quoted as it should be, the rest is read as another option. */
    private void readOption(JaasTokens.Token name, Map<String, String> options) {
        JaasTokens.Token equals = tokens.next();
        if (equals.kind() != JaasTokens.Kind.EQUALS) {
            throw expected("'=' behind the name of an option", equals);
        }
        JaasTokens.Token value = tokens.next();
        if (value.kind() != JaasTokens.Kind.WORD && value.kind() != JaasTokens.Kind.QUOTED) {
            throw expected("a value behind '='", value);
        }
        if (options.put(name.text(), value.text()) != null) {
            throw new IllegalArgumentException("it has the option at character " + name.place() + " a second time");
        }
    }

    private static IllegalArgumentException expected(String what, JaasTokens.Token found) {
        return new IllegalArgumentException("it must have " + what + " at character " + found.place()
                + (found.kind() == JaasTokens.Kind.END ? ", where it ends" : ""));
    }
}
