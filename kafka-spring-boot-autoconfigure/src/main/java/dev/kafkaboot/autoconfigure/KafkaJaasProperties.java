package dev.kafkaboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

/** The {@code kafka.jaas.*} properties: credentials in the form that JAAS has for them. No login module is loaded; what the well-known ones are told is read. */
public class KafkaJaasProperties {

    /** Whether these credentials are used. */
    private boolean enabled = false;

    /** Login module whose options these are; a well-known one. */
    private String loginModule = "com.sun.security.auth.module.Krb5LoginModule";

    /** Options of the login module, such as username and password. */
    private final Map<String, String> options = new LinkedHashMap<>();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public String getLoginModule() {
        return loginModule;
    }

    public void setLoginModule(String loginModule) {
        this.loginModule = loginModule;
    }

    public Map<String, String> getOptions() {
        return options;
    }
}
