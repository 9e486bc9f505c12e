/** Tests of AWS_MSK_IAM: against vectors that AWS and others have published, and doubles of AWS's services on loopback. */
@NullMarked
package dev.kafkaboot.client.net.sasl.aws;

import org.jspecify.annotations.NullMarked;
