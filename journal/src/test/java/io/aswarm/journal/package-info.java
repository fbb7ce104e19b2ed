/** Tests of the journal: certificates made, chained, damaged, verified and exported. */
package io.aswarm.journal;
