/**
 * Tests of the beans that an application gets and of the properties that shape them, and of whole applications on a fake and on a real broker. {@link
 * dev.kafkaboot.autoconfigure.ModuleRulesTests} holds the rules about what may use what.
 */
@NullMarked
package dev.kafkaboot.autoconfigure;

import org.jspecify.annotations.NullMarked;
