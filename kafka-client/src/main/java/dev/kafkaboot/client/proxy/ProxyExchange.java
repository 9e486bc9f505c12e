package dev.kafkaboot.client.proxy;

import java.nio.ByteBuffer;

/** What is said to a proxy on one connection before this leads to the broker. Used on the event loop only. */
public interface ProxyExchange {

    /** The most that an exchange may leave unread: a proxy that sends more before it has come to an end is given up. */
    int UNREAD_MAX = 8 * 1024;

    /**
     * Goes on. First called with nothing received; then whenever more has come.
     *
     * @param received what the proxy sent. It may come in pieces of any size: what is left unread is there again, with more behind it, the next time. What is
     *     left unread when the exchange {@linkplain #isComplete() is complete} comes from the broker
     * @return what to send now; empty if nothing
     * @throws ProxyException if the proxy refuses, or says what it must not
     */
    ByteBuffer proceed(ByteBuffer received) throws ProxyException;

    /** Whether what is sent and received from now on is between the client and the broker. */
    boolean isComplete();

    /** What the proxy has not done yet, as the end of the sentence "the proxy did not ..."; for messages. */
    String awaited();

    /**
     * The proxy has ended the connection before the exchange was complete.
     *
     * @throws ProxyException if it is known why; if nothing is thrown, what was {@linkplain #awaited() awaited} is told
     */
    default void ended() throws ProxyException {}
}
