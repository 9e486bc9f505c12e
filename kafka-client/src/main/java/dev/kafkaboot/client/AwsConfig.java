package dev.kafkaboot.client;

import dev.kafkaboot.client.security.AwsCredentialsSupplier;
import java.util.List;

/** The configuration keys of AWS_MSK_IAM. */
public final class AwsConfig {

    /** The application's own source of credentials. */
    public static final ConfigKey<AwsCredentialsSupplier> CREDENTIALS_SUPPLIER = ConfigKey.object(
            "sasl.aws.credentials.supplier", AwsCredentialsSupplier.class,
            "Where credentials of AWS come from, if it is the application's own doing. Else they are looked for as AWS's tools do: system properties, "
                    + "environment, web identity, profile, container, instance.");

    /** The region. */
    public static final ConfigKey<String> REGION = ConfigKey.string(
            "sasl.aws.region", null, "Region of the cluster; by default it is taken from the broker's name, and else from AWS_REGION.");

    /** The profile. */
    public static final ConfigKey<String> PROFILE = ConfigKey.string(
            "sasl.aws.profile", null, "Profile in the files of AWS's tools; by default AWS_PROFILE, and else 'default'.");

    /** Where roles are taken on. */
    public static final ConfigKey<String> STS_ENDPOINT_URL = ConfigKey.string(
            "sasl.aws.sts.endpoint.url", null, "Where a web identity is changed for credentials; by default the endpoint of the region.");

    /** The metadata service. */
    public static final ConfigKey<String> IMDS_ENDPOINT_URL = ConfigKey.string(
            "sasl.aws.imds.endpoint.url", null,
            "The instance's metadata service; by default AWS_EC2_METADATA_SERVICE_ENDPOINT, and else http://169.254.169.254.");

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = List.of(CREDENTIALS_SUPPLIER, REGION, PROFILE, STS_ENDPOINT_URL, IMDS_ENDPOINT_URL);

    private AwsConfig() {}
}
