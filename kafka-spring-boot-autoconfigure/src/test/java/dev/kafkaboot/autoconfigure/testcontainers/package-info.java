/** Tests of connection details that come from a container. */
@NullMarked
package dev.kafkaboot.autoconfigure.testcontainers;

import org.jspecify.annotations.NullMarked;
