/** Tests of the proxy, between a fake cluster and sockets that see each byte. */
@NullMarked
package dev.kafkaboot.test.proxy;

import org.jspecify.annotations.NullMarked;
