package dev.kafkaboot.client.net.sasl.gssapi;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.KerberosConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the JDK's login module is told. */
final class LoginOptions {

    /** Those that a client may be given; the others ask somebody, or share secrets between modules. */
    private static final List<String> ALLOWED = List.of("principal", "useKeyTab", "keyTab", "storeKey", "useTicketCache", "ticketCache", "renewTGT",
            "doNotPrompt", "isInitiator", "refreshKrb5Config", "debug", "serviceName");

    private LoginOptions() {}

    /** By the keys of the configuration if one of them is given, else by the options of {@code sasl.jaas.config}. */
    static Map<String, String> of(ClientConfig config, Map<String, String> jaasOptions) {
        String principal = config.find(KerberosConfig.PRINCIPAL);
        String keytab = config.find(KerberosConfig.KEYTAB);
        String cache = config.find(KerberosConfig.TICKET_CACHE);
        Map<String, String> options = keytab == null && cache == null && principal == null ? ofJaas(jaasOptions) : ofKeys(principal, keytab, cache);
        options.put("doNotPrompt", "true"); // there is nobody to ask
        options.put("isInitiator", "true");
        options.remove("debug"); // prints to standard output
        options.remove("serviceName");
        return options;
    }

    private static Map<String, String> ofKeys(@Nullable String principal, @Nullable String keytab, @Nullable String cache) {
        if ((keytab == null) == (cache == null)) {
            throw new ConfigException(KerberosConfig.KEYTAB.name(), keytab == null ? "(not given)" : keytab,
                    "one of this and " + KerberosConfig.TICKET_CACHE.name() + " must be given");
        }
        if (keytab != null && principal == null) {
            throw new ConfigException(KerberosConfig.PRINCIPAL.name(), "(not given)", "it must be given with " + KerberosConfig.KEYTAB.name());
        }
        Map<String, String> options = new LinkedHashMap<>();
        if (principal != null) {
            options.put("principal", principal);
        }
        if (keytab != null) {
            options.put("useKeyTab", "true");
            options.put("keyTab", keytab);
        }
        if (cache != null) {
            options.put("useTicketCache", "true");
            if (!cache.equals("default")) {
                options.put("ticketCache", cache);
            }
        }
        return options;
    }

    private static Map<String, String> ofJaas(Map<String, String> jaasOptions) {
        boolean isEnough = "true".equalsIgnoreCase(jaasOptions.get("useKeyTab")) || "true".equalsIgnoreCase(jaasOptions.get("useTicketCache"));
        if (!isEnough) {
            throw new ConfigException(KerberosConfig.KEYTAB.name(), "(not given)", "GSSAPI needs this with " + KerberosConfig.PRINCIPAL.name() + ", or "
                    + KerberosConfig.TICKET_CACHE.name() + ", or " + KerberosConfig.SUBJECT.name()
                    + ", or useKeyTab=true or useTicketCache=true in sasl.jaas.config");
        }
        for (String option : new TreeMap<>(jaasOptions).keySet()) {
            if (!ALLOWED.contains(option)) {
                throw new ConfigException("sasl.jaas.config", "****", "its option '" + option + "' is not known; there are " + String.join(", ", ALLOWED));
            }
        }
        return new LinkedHashMap<>(jaasOptions);
    }
}
