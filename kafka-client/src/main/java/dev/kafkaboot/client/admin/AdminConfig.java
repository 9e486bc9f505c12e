package dev.kafkaboot.client.admin;

import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigKey;
import java.util.List;

/** The configuration keys of a {@link KafkaAdminClient}. */
public final class AdminConfig {

    /** Every key, in the order of the reference. So far they are those that every client has. */
    public static final List<ConfigKey<?>> KEYS = CommonConfig.KEYS;

    private AdminConfig() {}
}
