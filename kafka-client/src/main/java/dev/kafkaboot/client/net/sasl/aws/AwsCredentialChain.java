package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.AwsConfig;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.LoginConfig;
import dev.kafkaboot.client.net.sasl.fetch.CredentialSource;
import dev.kafkaboot.client.net.sasl.fetch.HttpFetch;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.client.security.AwsCredentials;
import dev.kafkaboot.client.security.AwsCredentialsSupplier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for credentials where AWS's tools look for them, in their order. The first place that there is decides: if it has none to give, that is the failure, and
 * the client does not take on another identity by accident. Only the instance's metadata service, which comes last, is asked without a sign of it.
 */
final class AwsCredentialChain implements CredentialSource<AwsCredentials> {

    /** A place where credentials may be. */
    @FunctionalInterface
    interface Link {

        /** The credentials, or null if there is no such place. */
        @Nullable AwsCredentials find(Moment moment) throws Exception;
    }

    /** What is on the link answers at once; elsewhere the address of the instance's metadata service leads nowhere, and often in silence. */
    private static final Duration LINK_CONNECT_MAX = Duration.ofSeconds(1);

    private final List<Link> links;

    AwsCredentialChain(List<Link> links) {
        this.links = List.copyOf(links);
    }

    static CredentialSource<AwsCredentials> of(ClientConfig config, Map<String, String> jaasOptions, Surroundings surroundings) {
        AwsCredentialsSupplier supplier = config.find(AwsConfig.CREDENTIALS_SUPPLIER);
        if (supplier != null) {
            return moment -> supplied(supplier);
        }
        HttpFetch web = HttpFetch.of(config.get(LoginConfig.CONNECT_TIMEOUT), config.get(LoginConfig.READ_TIMEOUT), null);
        Duration patience = config.get(LoginConfig.READ_TIMEOUT);
        HttpFetch near = HttpFetch.direct(patience, patience);
        HttpFetch link = HttpFetch.direct(patience.compareTo(LINK_CONNECT_MAX) < 0 ? patience : LINK_CONNECT_MAX, patience);
        Region region = new Region(config.find(AwsConfig.REGION), surroundings);
        String key = config.find(AwsConfig.PROFILE);
        String profile = key == null ? jaasOptions.get("awsProfileName") : key;
        List<Link> links = new ArrayList<>();
        if (profile == null) { // else this profile is meant, whatever stands in the environment
            links.add(moment -> FixedCredentials.ofProperties(surroundings));
            links.add(moment -> FixedCredentials.ofEnvironment(surroundings));
            links.add(new WebIdentity(surroundings, web, region, config.find(AwsConfig.STS_ENDPOINT_URL)));
        }
        links.add(new ProfileFiles(surroundings, profile));
        links.add(new ContainerCredentials(surroundings, near, web));
        links.add(new InstanceMetadata(surroundings, link, config.find(AwsConfig.IMDS_ENDPOINT_URL)));
        return new AwsCredentialChain(links);
    }

    private static AwsCredentials supplied(AwsCredentialsSupplier supplier) {
        @Nullable AwsCredentials credentials;
        try {
            credentials = supplier.credentials();
        } catch (KafkaException known) {
            throw known;
        } catch (Exception failure) {
            throw new CredentialsUnavailableException("The supplier of AWS credentials failed: " + failure, failure);
        }
        if (credentials == null) {
            throw new AuthenticationException("The supplier of AWS credentials " + supplier.getClass().getName() + " answered null");
        }
        return credentials;
    }

    @Override
    public AwsCredentials fetch(Moment moment) throws Exception {
        for (Link link : links) {
            AwsCredentials found = link.find(moment);
            if (found != null) {
                return found;
            }
        }
        throw new CredentialsUnavailableException("No credentials of AWS were found: there are none in system properties, environment, profile files, web "
                + "identity, container or instance");
    }
}
