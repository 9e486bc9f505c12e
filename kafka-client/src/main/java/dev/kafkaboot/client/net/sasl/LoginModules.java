package dev.kafkaboot.client.net.sasl;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The login modules whose options are understood, by the mechanisms that they are for. Their names are compared and nothing else. */
final class LoginModules {

    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule";

    private static final String OAUTH = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule";
    private static final String IAM = "software.amazon.msk.auth.iam.IAMLoginModule";

    private static final Map<String, String> BY_MECHANISM = Map.of(
            "PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule",
            "SCRAM-SHA-256", SCRAM,
            "SCRAM-SHA-512", SCRAM,
            "OAUTHBEARER", OAUTH,
            "AWS_MSK_IAM", IAM,
            "GSSAPI", "com.sun.security.auth.module.Krb5LoginModule");

    private static final List<String> OF_PASSWORDS = List.of("username", "password", "tokenauth");
    private static final String EXTENSION = "extension_";
    private static final List<String> OF_TOKENS = List.of("clientId", "clientSecret", "scope", EXTENSION + "<name>");
    private static final List<String> OF_IAM = List.of("awsProfileName");

    /** The options whose values are no secrets, so that what is behind them is no part of one. */
    private static final Set<String> WITHOUT_SECRET = Set.of("username", "tokenauth", "serviceName", "clientId", "scope", "awsProfileName");

    private static final String UNTOLD = " (its name is not shown, because it is behind a secret and may be a part of it: a value with blanks, '=' or ';'"
            + " must be in quotation marks, and those inside it must have a backslash before them)";

    private LoginModules() {}

    /** What is wrong with a login for a mechanism, as the end of a sentence about it; null if nothing is. */
    static @Nullable String fault(JaasLogin login, String mechanism) {
        String module = BY_MECHANISM.get(mechanism);
        if (!BY_MECHANISM.containsValue(login.module())) {
            return "its login module " + login.module() + " is not one that this client knows, and no class is loaded by its name; for " + mechanism + " it is " + module;
        }
        if (module == null || !login.module().equals(module)) {
            return "its login module " + login.module() + " is not for sasl.mechanism=" + mechanism + ", which takes " + module;
        }
        return switch (mechanism) {
            // What stands in examples everywhere, and means nothing to a client: what brokers have beside, and Kerberos.
            case "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512" -> unknown(login, OF_PASSWORDS, option -> option.startsWith("user_") || option.equals("serviceName"));
            case "OAUTHBEARER" -> unknown(login, OF_TOKENS, option -> option.startsWith(EXTENSION));
            case "AWS_MSK_IAM" -> unknown(login, OF_IAM, option -> false);
            default -> null; // those of Kerberos are looked at where they are used
        };
    }

    /** An option that is passed over in silence may be the one that says who the client is to be. */
    private static @Nullable String unknown(JaasLogin login, List<String> known, Predicate<String> further) {
        boolean isBehindSecret = false;
        int number = 0;
        for (String option : login.options().keySet()) {
            number++;
            if (!known.contains(option) && !further.test(option)) {
                return (isBehindSecret ? "its option number " + number : "its option '" + option + "'") + " is not known; there "
                        + (known.size() == 1 ? "is " : "are ") + String.join(", ", known) + (isBehindSecret ? UNTOLD : "");
            }
            isBehindSecret |= !WITHOUT_SECRET.contains(option);
        }
        return null;
    }
}
