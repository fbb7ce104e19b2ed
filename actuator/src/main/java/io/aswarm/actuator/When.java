package io.aswarm.actuator;

import java.util.List;

/**
 * Which elevations an act of the catalog answers.
 *
 * @param scenarios that it answers, sorted.
 * @param role      of the subject.
 * @param verified  whether the subject must be verified, or must not be; null for both. Null for role aim: a victim has
 *                  nothing to prove.
 */
public record When(List<String> scenarios, Role role, Boolean verified)
{
    /**
     * Copies its list.
     */
    public When
    {
        scenarios = List.copyOf(scenarios);
    }

    boolean matches(final String scenario, final Role subjectRole, final boolean isVerified)
    {
        return role == subjectRole && scenarios.contains(scenario) &&
            (Role.AIM == role || null == verified || verified == isVerified);
    }

    /** Is there an elevation that both match? Returns a scenario of such, or null. */
    String collision(final When other)
    {
        if (role != other.role || (null != verified && null != other.verified && !verified.equals(other.verified)))
        {
            return null;
        }
        return scenarios.stream().filter(other.scenarios::contains).findFirst().orElse(null);
    }

    boolean isOfForgeableSources()
    {
        return Role.SOURCE == role && !Boolean.TRUE.equals(verified);
    }

    String describe()
    {
        final String subjects = Role.AIM == role ? "aims" : null == verified ? "sources, verified or not" :
            verified ? "verified sources" : "sources that may be forged";
        return String.join(", ", scenarios) + " by " + subjects;
    }
}
