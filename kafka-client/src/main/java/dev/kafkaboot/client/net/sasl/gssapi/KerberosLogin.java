package dev.kafkaboot.client.net.sasl.gssapi;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.net.sasl.fetch.CredentialSource;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

/**
 * Logs in by the JDK's module for Kerberos, with options made in code. Each login has a subject of its own: connections that are still being made keep the one
 * that they began with, and so nobody is logged out.
 */
final class KerberosLogin implements CredentialSource<Login> {

    private static final String MODULE = "com.sun.security.auth.module.Krb5LoginModule";

    private static final String FILE = "FILE:";

    private final Map<String, String> options;

    KerberosLogin(Map<String, String> options) {
        this.options = Map.copyOf(options);
    }

    @Override
    public Login fetch(Moment moment) {
        Subject subject = new Subject();
        try {
            new LoginContext("kafkaboot", subject, null, new OneModule(options)).login();
        } catch (LoginException failure) {
            throw told(failure);
        }
        return new Login(subject, expiry(subject));
    }

    @Override
    public String from() {
        return "the key distribution centre";
    }

    /** A ticket cache is renewed by somebody else, and a key distribution centre comes back; a key that is wrong stays so. */
    private RuntimeException told(LoginException failure) {
        String keytab = options.get("keyTab");
        if (keytab == null) {
            return new CredentialsUnavailableException("Could not log in to Kerberos by " + cacheAndItsFault() + " (" + failure.getMessage() + ")", failure);
        }
        String message = "Could not log in to Kerberos by the keytab " + keytab + ": " + failure.getMessage();
        return KdcTrouble.mayPass(failure) ? new CredentialsUnavailableException(message, failure) : new AuthenticationException(message, failure);
    }

    /** The JDK's module passes over a cache without a good ticket, and then complains that there is no password. */
    private String cacheAndItsFault() {
        String cache = options.get("ticketCache");
        if (cache == null) {
            return "the user's ticket cache: there is none, or no ticket in it that is still valid; kinit makes one";
        }
        return "the ticket cache " + cache + (Files.exists(Path.of(cache.startsWith(FILE) ? cache.substring(FILE.length()) : cache))
                ? ": there is no ticket in it that is still valid; kinit makes one"
                : ": there is no such file; kinit makes it");
    }

    private static Instant expiry(Subject subject) {
        return subject.getPrivateCredentials(KerberosTicket.class).stream()
                .filter(ticket -> ticket.getServer().getName().startsWith("krbtgt/"))
                .map(KerberosTicket::getEndTime)
                .filter(Objects::nonNull)
                .map(Date::toInstant)
                .max(Instant::compareTo)
                .orElseThrow(() -> new CredentialsUnavailableException("There is no ticket after a login to Kerberos"));
    }

    /** What would be a file of JAAS otherwise. */
    private static final class OneModule extends Configuration {

        private final Map<String, String> options;

        OneModule(Map<String, String> options) {
            this.options = options;
        }

        @Override
        public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            return new AppConfigurationEntry[] {new AppConfigurationEntry(MODULE, LoginModuleControlFlag.REQUIRED, options)};
        }
    }
}
