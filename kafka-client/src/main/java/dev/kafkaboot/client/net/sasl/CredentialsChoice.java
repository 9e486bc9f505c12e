package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException.Fault;
import dev.kafkaboot.client.SaslConfig;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.security.CredentialsSource;
import dev.kafkaboot.client.security.UserCredentials;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds user name and password in a configuration, where there are three places for them, of which one may be used. */
final class CredentialsChoice {

    private final ClientConfig config;
    private final List<Fault> faults;

    CredentialsChoice(ClientConfig config, List<Fault> faults) {
        this.config = config;
        this.faults = faults;
    }

    /**
     * The credentials, or null if a fault was added.
     *
     * @param options those of the login module
     * @param check what is wrong with credentials, as the end of a sentence; null if nothing is
     */
    @Nullable Credentials of(Map<String, String> options, Function<UserCredentials, @Nullable String> check) {
        String userName = config.find(SaslConfig.USERNAME);
        Secret password = config.find(SaslConfig.PASSWORD);
        CredentialsSource source = config.find(SaslConfig.CREDENTIALS);
        boolean byName = userName != null || password != null;
        boolean byJaas = config.isGiven(SaslConfig.JAAS);
        List<String> places = Stream.of(
                        byName ? SaslConfig.USERNAME + " and " + SaslConfig.PASSWORD : "",
                        byJaas ? SaslConfig.JAAS.name() : "",
                        source != null ? SaslConfig.CREDENTIALS.name() : "")
                .filter(place -> !place.isEmpty())
                .toList();
        if (places.size() > 1) {
            String all = places.stream().collect(Collectors.joining("; "));
            return refused(SaslConfig.CREDENTIALS.name(), "credentials must be given in one way, and are in " + places.size() + ": " + all);
        }
        if (source != null) {
            return Credentials.from(source);
        }
        return byJaas ? ofOptions(options, check) : ofKeys(userName, password, check);
    }

    private @Nullable Credentials ofKeys(
            @Nullable String userName, @Nullable Secret password, Function<UserCredentials, @Nullable String> check) {
        if (userName == null || password == null) {
            String missing = userName == null ? SaslConfig.USERNAME.name() : SaslConfig.PASSWORD.name();
            return missing(missing, userName == null && password == null
                    ? "it must be given, with " + SaslConfig.PASSWORD + "; or " + SaslConfig.CREDENTIALS + ", or " + SaslConfig.JAAS
                    : "it must be given too");
        }
        return checked(SaslConfig.USERNAME + ", " + SaslConfig.PASSWORD, new UserCredentials(userName, password, /* isDelegationToken= */ false), check);
    }

    private @Nullable Credentials ofOptions(Map<String, String> options, Function<UserCredentials, @Nullable String> check) {
        String userName = options.get("username");
        String password = options.get("password");
        if (userName == null || password == null) {
            if (faults.stream().noneMatch(fault -> fault.key().equals(SaslConfig.JAAS.name()))) { // else it could not be read
                return refused(SaslConfig.JAAS.name(), "it must have the options username and password");
            }
            return null;
        }
        boolean isToken = Boolean.parseBoolean(options.get("tokenauth"));
        return checked(SaslConfig.JAAS.name(), new UserCredentials(userName, Secret.of(password), isToken), check);
    }

    private @Nullable Credentials checked(String keys, UserCredentials credentials, Function<UserCredentials, @Nullable String> check) {
        String fault = check.apply(credentials);
        return fault == null ? Credentials.fixed(credentials) : refused(keys, fault);
    }

    private @Nullable Credentials refused(String keys, String expected) {
        faults.add(new Fault(keys, "****", expected));
        return null;
    }

    private @Nullable Credentials missing(String key, String expected) {
        faults.add(new Fault(key, "(not given)", expected));
        return null;
    }
}
