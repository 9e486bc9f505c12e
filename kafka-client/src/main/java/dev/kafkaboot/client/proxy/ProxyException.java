package dev.kafkaboot.client.proxy;

import java.io.IOException;

/** A proxy does not let a connection through. The message continues a sentence that begins with "the proxy". */
public class ProxyException extends IOException {

    private static final long serialVersionUID = 1L;

    public ProxyException(String message) {
        super(message);
    }
}
