package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.security.SaslContext;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** A connection that is not one: it counts what was offloaded, and its secure bytes are given. */
final class ScriptedContext implements SaslContext {

    private final byte[] random;
    int offloaded;

    /** The nonce is the Base64 of 24 bytes, so it has 32 characters. */
    ScriptedContext(String nonce) {
        this.random = Base64.getDecoder().decode(nonce);
    }

    @Override
    public String host() {
        return "broker-1";
    }

    @Override
    public int port() {
        return 9093;
    }

    @Override
    public boolean isEncrypted() {
        return true;
    }

    @Override
    public long currentTimeMillis() {
        return 0;
    }

    @Override
    public void fillSecurely(byte[] bytes) {
        System.arraycopy(random, 0, bytes, 0, bytes.length);
    }

    @Override
    public <T> CompletableFuture<T> offload(Callable<T> work) {
        offloaded++;
        try {
            return CompletableFuture.completedFuture(work.call());
        } catch (Exception failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }
}
