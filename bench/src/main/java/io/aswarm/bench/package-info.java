/**
 * One benchmark for each claim, run by JMH: {@code java -jar bench/target/benchmarks.jar NAME}. Nothing here is part of
 * the product, and no test asserts a figure.
 */
package io.aswarm.bench;
