package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigKey;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** Keys or certificates cannot be used; it says of which setting, and why. */
final class UnusableMaterialException extends GeneralSecurityException {

    private static final long serialVersionUID = 1L;

    private final transient ConfigException.Fault fault;

    /**
     * Makes one.
     *
     * @param value what the setting says; null if it is a secret, or long
     * @param reason what is wrong
     */
    UnusableMaterialException(ConfigKey<?> key, @Nullable String value, String reason, @Nullable Throwable cause) {
        this(new ConfigException.Fault(key.name(), value == null ? "****" : value, reason), cause);
    }

    UnusableMaterialException(ConfigKey<?> key, @Nullable String value, String reason) {
        this(key, value, reason, null);
    }

    private UnusableMaterialException(ConfigException.Fault fault, @Nullable Throwable cause) {
        super(fault.toString(), cause);
        this.fault = fault;
    }

    ConfigException.Fault fault() {
        return fault;
    }
}
