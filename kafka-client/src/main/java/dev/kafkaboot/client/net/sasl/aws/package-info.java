/**
 * AWS_MSK_IAM: a request signed by AWS's version 4 of signatures that is never sent to AWS but to the broker, and the places where credentials to sign with are
 * found. Start reading with {@link dev.kafkaboot.client.net.sasl.aws.AwsMskIamMechanism}.
 */
@NullMarked
package dev.kafkaboot.client.net.sasl.aws;

import org.jspecify.annotations.NullMarked;
