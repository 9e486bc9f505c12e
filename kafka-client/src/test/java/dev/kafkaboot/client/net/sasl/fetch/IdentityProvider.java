package dev.kafkaboot.client.net.sasl.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** An HTTP server on loopback that answers as a test says. */
public final class IdentityProvider implements AutoCloseable {

    /** What was asked; names of headers in any case. */
    public record Asked(String method, String path, Map<String, String> headers, Map<String, String> form) {}

    /** Answers one request. */
    @FunctionalInterface
    public interface Answer {
        /** Sends the answer. */
        void send(HttpExchange exchange, Asked asked) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final String scheme;
    private volatile Answer answer;

    private IdentityProvider(HttpServer server, String scheme, Answer answer) {
        this.server = server;
        this.scheme = scheme;
        this.answer = answer;
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** A server, started. */
    public static IdentityProvider http(Answer answer) {
        try {
            return new IdentityProvider(HttpServer.create(loopback(), 0), "http", answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server, started. */
    public static IdentityProvider https(SSLContext context, Answer answer) {
        try {
            HttpsServer server = HttpsServer.create(loopback(), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            return new IdentityProvider(server, "https", answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Answers with JSON. */
    public static Answer json(int status, String body) {
        return text(status, "application/json;charset=UTF-8", body);
    }

    /** Answers with a text. */
    public static Answer text(int status, String contentType, String body) {
        return (exchange, asked) -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** Points elsewhere. */
    public static Answer redirect(String location) {
        return (exchange, asked) -> {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(307, -1);
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Asked request = new Asked(exchange.getRequestMethod(), exchange.getRequestURI().getPath(),
                    headers(exchange), form(body));
            asked.add(request);
            answer.send(exchange, request);
        }
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
        return headers;
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String field : body.isEmpty() ? new String[0] : body.split("&", -1)) {
            String[] parts = field.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return form;
    }

    /** Answers so from now on. */
    public void answerWith(Answer next) {
        answer = next;
    }

    /** Where a path of it is. */
    public URI url(String path) {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** Everything that was asked, in order. */
    public List<Asked> asked() {
        return asked;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
