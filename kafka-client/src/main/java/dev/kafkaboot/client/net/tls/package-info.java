/** TLS as a layer over another transport: where its keys and certificates come from, and what is wrong with a peer's. */
@NullMarked
package dev.kafkaboot.client.net.tls;

import org.jspecify.annotations.NullMarked;
