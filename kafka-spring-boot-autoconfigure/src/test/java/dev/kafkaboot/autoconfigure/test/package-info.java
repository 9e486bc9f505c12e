/** Tests of the annotations that give a test its broker. */
@NullMarked
package dev.kafkaboot.autoconfigure.test;

import org.jspecify.annotations.NullMarked;
