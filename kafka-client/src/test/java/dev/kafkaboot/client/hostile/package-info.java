/** Peers that want no good, met by clients in a JVM with little memory. */
@NullMarked
package dev.kafkaboot.client.hostile;

import org.jspecify.annotations.NullMarked;
