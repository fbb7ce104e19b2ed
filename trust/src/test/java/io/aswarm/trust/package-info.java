/**
 * Tests of what can be believed, by published vectors where there are any.
 */
package io.aswarm.trust;
