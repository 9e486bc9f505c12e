package dev.kafkaboot.client.net.sasl.gssapi;

import dev.kafkaboot.client.AuthenticationException;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.MessageProp;
import org.ietf.jgss.Oid;
import org.jspecify.annotations.Nullable;

/** The JDK's view of one exchange with a broker. Blocks; used by one thread at a time. */
final class KerberosContext {

    private static final String KERBEROS = "1.2.840.113554.1.2.2";
    private static final int OFFER_LENGTH = 4;
    private static final byte NO_LAYER = 1;

    private final Subject subject;
    private final String serviceName;
    private final String host;
    private @Nullable GSSContext context;

    KerberosContext(Subject subject, String serviceName, String host) {
        this.subject = subject;
        this.serviceName = serviceName;
        this.host = host;
    }

    /** The answer to the broker's token; to an empty one at first. */
    byte[] next(byte[] token) throws GSSException {
        byte[] answer = asSubject(() -> begun().initSecContext(token, 0, token.length));
        if (isEstablished() && !begun().getMutualAuthState()) {
            throw new AuthenticationException("The broker did not prove who it is");
        }
        return answer == null ? new byte[0] : answer;
    }

    private GSSContext begun() throws GSSException {
        GSSContext known = context;
        if (known == null) {
            GSSManager manager = GSSManager.getInstance();
            Oid mechanism = new Oid(KERBEROS);
            GSSName broker = manager.createName(serviceName + "@" + host, GSSName.NT_HOSTBASED_SERVICE, mechanism);
            known = manager.createContext(broker, mechanism, null, GSSContext.DEFAULT_LIFETIME);
            known.requestMutualAuth(true);
            known.requestInteg(true);
            known.requestConf(false);
            known.requestCredDeleg(false);
            context = known;
        }
        return known;
    }

    /** Whether both sides know each other. */
    boolean isEstablished() {
        return context != null && context.isEstablished();
    }

    /** The client's choice among the protections that the broker offers (RFC 4752, 3.1); the context is of no more use then. */
    byte[] answerToOffer(byte[] wrapped) throws GSSException {
        GSSContext known = begun();
        byte[] offer = known.unwrap(wrapped, 0, wrapped.length, new MessageProp(0, false));
        if (offer.length != OFFER_LENGTH) {
            throw new AuthenticationException("The broker's offer of protection has " + offer.length + " bytes and must have " + OFFER_LENGTH);
        }
        if ((offer[0] & NO_LAYER) == 0) {
            throw new AuthenticationException("The broker demands protection by Kerberos itself, which this client leaves to TLS");
        }
        byte[] choice = {NO_LAYER, 0, 0, 0}; // nobody else's identity is asked for, so nothing follows
        byte[] answer = known.wrap(choice, 0, choice.length, new MessageProp(0, false));
        known.dispose();
        return answer;
    }

    private byte @Nullable [] asSubject(PrivilegedExceptionAction<byte @Nullable []> step) throws GSSException {
        try {
            return Subject.doAs(subject, step); // its successor, callAs, came with JDK 18
        } catch (PrivilegedActionException failure) {
            if (failure.getException() instanceof GSSException known) {
                throw known;
            }
            throw new AuthenticationException("Kerberos failed: " + failure.getException(), failure.getException());
        }
    }
}
