package dev.kafkaboot.client.net.sasl.gssapi;

import java.time.Instant;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is logged in.
 *
 * @param subject holds the ticket
 * @param expiry when the ticket ends; null if somebody else sees to that
 */
record Login(Subject subject, @Nullable Instant expiry) {

    /** Who it is, or null if the subject does not tell. */
    @Nullable String principal() {
        return subject.getPrincipals(KerberosPrincipal.class).stream().map(KerberosPrincipal::getName).sorted().findFirst().orElse(null);
    }

    @Override
    public String toString() {
        return "login of " + principal(); // a subject prints its keys
    }
}
