/** Tests of connection details that come from a container. */
@NullMarked
package dev.kafkaboot.autoconfigure.docker.compose;

import org.jspecify.annotations.NullMarked;
