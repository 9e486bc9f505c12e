@NullMarked
package dev.kafkaboot.test.history;

import org.jspecify.annotations.NullMarked;
