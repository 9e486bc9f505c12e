@NullMarked
package dev.kafkaboot.generator;

import org.jspecify.annotations.NullMarked;
