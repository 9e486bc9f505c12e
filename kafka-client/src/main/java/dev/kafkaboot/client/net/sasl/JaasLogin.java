package dev.kafkaboot.client.net.sasl;

import java.util.Map;

/** The one entry of a {@code sasl.jaas.config}: a module's name, which is never loaded, and its options. Prints without their values. */
final class JaasLogin {

    private final String module;
    private final Map<String, String> options;

    JaasLogin(String module, Map<String, String> options) {
        this.module = module;
        this.options = options;
    }

    /** The module's class name. */
    String module() {
        return module;
    }

    /** Its options, in order. */
    Map<String, String> options() {
        return options;
    }

    @Override
    public String toString() {
        return module + " " + options.keySet();
    }
}
