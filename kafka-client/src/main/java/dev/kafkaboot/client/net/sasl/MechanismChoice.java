package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigException.Fault;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.SaslConfig;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.sasl.aws.AwsMskIamMechanism;
import dev.kafkaboot.client.net.sasl.gssapi.KerberosMechanism;
import dev.kafkaboot.client.net.sasl.oauth.OAuthBearerMechanism;
import dev.kafkaboot.client.security.SaslMechanism;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the mechanism that a configuration asks for, or tells all that is wrong with what it says. */
final class MechanismChoice {

    private final ClientConfig config;
    private final List<Fault> faults = new ArrayList<>();

    private MechanismChoice(ClientConfig config) {
        this.config = config;
    }

    /**
     * The mechanism.
     *
     * @throws ConfigException with every fault
     */
    static SaslMechanism of(ClientConfig config) {
        MechanismChoice choice = new MechanismChoice(config);
        SaslMechanism mechanism = choice.make();
        if (mechanism == null || !choice.faults.isEmpty()) {
            throw new ConfigException(choice.faults);
        }
        return mechanism;
    }

    private @Nullable SaslMechanism make() {
        SaslMechanism own = config.find(SaslConfig.MECHANISM_INSTANCE);
        if (own != null) {
            refuseBeside(own);
            return own;
        }
        String mechanism = config.get(SaslConfig.MECHANISM);
        JaasLogin login = login(mechanism);
        Map<String, String> options = login == null ? Map.of() : login.options();
        refuseInTheOpen(mechanism);
        return switch (mechanism) {
            case PlainMechanism.NAME -> plain(options);
            case "SCRAM-SHA-256" -> scram(ScramHash.SHA_256, options);
            case "SCRAM-SHA-512" -> scram(ScramHash.SHA_512, options);
            case OAuthBearerMechanism.NAME -> made(() -> OAuthBearerMechanism.of(config, options));
            case AwsMskIamMechanism.NAME -> made(() -> AwsMskIamMechanism.of(config, options));
            case KerberosMechanism.NAME -> made(() -> KerberosMechanism.of(config, options));
            default -> throw new IllegalStateException("no mechanism " + mechanism);
        };
    }

    private @Nullable SaslMechanism made(Supplier<SaslMechanism> maker) {
        try {
            return maker.get();
        } catch (ConfigException wrong) {
            faults.addAll(wrong.faults());
            return null;
        }
    }

    private void refuseBeside(SaslMechanism own) {
        boolean isSame = !config.isGiven(SaslConfig.MECHANISM) || config.get(SaslConfig.MECHANISM).equals(own.name());
        if (!isSame) {
            faults.add(new Fault(SaslConfig.MECHANISM.name(), config.get(SaslConfig.MECHANISM),
                    "it must not be given beside " + SaslConfig.MECHANISM_INSTANCE + ", which is " + own.name()));
        }
        given(SaslConfig.JAAS, SaslConfig.USERNAME, SaslConfig.PASSWORD, SaslConfig.CREDENTIALS)
                .forEach(key -> faults.add(new Fault(key.name(), "****", "it must not be given beside " + SaslConfig.MECHANISM_INSTANCE
                        + ", which has credentials of its own")));
    }

    private Stream<ConfigKey<?>> given(ConfigKey<?>... keys) {
        return Stream.of(keys).filter(config::isGiven);
    }

    private @Nullable JaasLogin login(String mechanism) {
        Secret text = config.find(SaslConfig.JAAS);
        if (text == null) {
            return null;
        }
        JaasLogin login = null;
        String fault;
        try {
            login = JaasReader.read(text.reveal());
            fault = LoginModules.fault(login, mechanism);
        } catch (IllegalArgumentException malformed) {
            fault = malformed.getMessage();
        }
        if (fault != null) {
            faults.add(new Fault(SaslConfig.JAAS.name(), "****", fault));
        }
        return login;
    }

    /** A ticket of Kerberos is of no use to who overhears it; everything else is. */
    private void refuseInTheOpen(String mechanism) {
        if (!config.get(CommonConfig.SECURITY_PROTOCOL).usesTls() && !config.get(SaslConfig.ALLOW_PLAINTEXT) && !mechanism.equals("GSSAPI")) {
            faults.add(new Fault(CommonConfig.SECURITY_PROTOCOL.name(), String.valueOf(config.get(CommonConfig.SECURITY_PROTOCOL)),
                    "it must be SASL_SSL for " + mechanism + ", because credentials would go over a connection without encryption; or set "
                            + SaslConfig.ALLOW_PLAINTEXT + "=true"));
        }
    }

    private @Nullable SaslMechanism plain(Map<String, String> options) {
        Credentials credentials = new CredentialsChoice(config, faults).of(options, PlainExchange::fault);
        return credentials == null ? null : new PlainMechanism(credentials);
    }

    private @Nullable SaslMechanism scram(ScramHash hash, Map<String, String> options) {
        ScramRules rules = new ScramRules(config.get(SaslConfig.SCRAM_ITERATIONS_MAX), config.get(SaslConfig.SASLPREP));
        Credentials credentials = new CredentialsChoice(config, faults).of(options, rules::fault);
        return credentials == null ? null : new ScramMechanism(hash, credentials, rules);
    }
}
