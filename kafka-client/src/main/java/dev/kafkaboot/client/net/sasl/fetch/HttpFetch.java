package dev.kafkaboot.client.net.sasl.fetch;

import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.InterruptException;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.net.tls.CertificateRefusal;
import dev.kafkaboot.client.security.SslContextSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks for credentials by HTTP, within bounds: of time, for the whole answer and not only for its beginning, and of length. Redirects are not followed, because
 * secrets would go along. Blocks; any thread, off the loop.
 */
public final class HttpFetch {

    /** Longest answer: a token is a few kilobytes long. */
    private static final int BODY_MAX = 64 * 1024;

    private final Duration connectTimeout;
    private final Duration readTimeout;
    private final boolean direct;
    private final @Nullable SslContextSource tls;
    private @Nullable HttpClient client;
    private @Nullable SSLContext clientContext;

    private HttpFetch(Duration connectTimeout, Duration readTimeout, boolean direct, @Nullable SslContextSource tls) {
        this.connectTimeout = connectTimeout;
        this.readTimeout = readTimeout;
        this.direct = direct;
        this.tls = tls;
    }

    /**
     * Through the JVM's proxy if it has one.
     *
     * @param tls the context of https; null takes the JVM's own
     */
    public static HttpFetch of(Duration connectTimeout, Duration readTimeout, @Nullable SslContextSource tls) {
        return new HttpFetch(connectTimeout, readTimeout, /* direct= */ false, tls);
    }

    /** Past any proxy, for what is on the same machine or link. */
    public static HttpFetch direct(Duration connectTimeout, Duration readTimeout) {
        return new HttpFetch(connectTimeout, readTimeout, /* direct= */ true, null);
    }

    /**
     * Sends a request and waits for the whole answer.
     *
     * @throws CredentialsUnavailableException if there is none in time, or it is too long
     */
    public HttpReply send(HttpRequest request) {
        String from = name(request.uri());
        Duration limit = connectTimeout.plus(readTimeout);
        CompletableFuture<HttpResponse<byte[]>> answer = client().sendAsync(request, head -> new BoundedBody(BODY_MAX));
        try {
            HttpResponse<byte[]> response = answer.get(Times.nanos(limit), TimeUnit.NANOSECONDS);
            return new HttpReply(from, response.statusCode(), header(response, "Content-Type"), header(response, "Location"), response.body());
        } catch (TimeoutException late) {
            throw new CredentialsUnavailableException(from + " did not answer within " + Times.text(limit));
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            String refusal = CertificateRefusal.in(cause);
            if (refusal != null) {
                throw new CredentialsUnavailableException(from + " " + refusal, cause);
            }
            throw new CredentialsUnavailableException(from + " could not be asked: " + reason(cause), cause);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new InterruptException("Interrupted while " + from + " was asked", closing);
        } finally {
            answer.cancel(true); // else an answer that drips on would keep its connection
        }
    }

    /** Who is asked, as messages tell it: a URL without what it asks for. */
    public static String name(URI url) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + (url.getRawPath() == null ? "" : url.getRawPath());
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** One client for as long as the TLS context is the same: it has a thread, which ends once nothing refers to the client. */
    private synchronized HttpClient client() {
        SSLContext context = context();
        HttpClient made = client;
        if (made == null || context != clientContext) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(connectTimeout);
            if (context != null) {
                builder.sslContext(context);
            }
            if (direct) {
                builder.proxy(HttpClient.Builder.NO_PROXY);
            }
            made = builder.build();
            client = made;
            clientContext = context;
        }
        return made;
    }

    private @Nullable SSLContext context() {
        try {
            return tls == null ? null : tls.context();
        } catch (GeneralSecurityException | IOException failure) {
            throw new CredentialsUnavailableException("The TLS context for fetching credentials cannot be had: " + reason(failure), failure);
        }
    }
}
